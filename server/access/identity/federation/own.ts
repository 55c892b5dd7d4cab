import { type Static, Type } from 'typebox'
import type { Session } from '../../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import type { ProvenIdentity, Provider } from '../../providers/index.ts'
import { lockUser } from '../accounts/queries.ts'
import { freshPerson } from '../hosted/fresh-person.ts'
import { cameIn } from '../fail-over/act-for.ts'
import { assertMayJoin } from '../fail-over/may-join.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import { ownerBy } from '../owner.ts'
import { moment } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { assertSameSession } from '../passkeys/same-session.ts'
import { findUser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import { DEPARTURE_LIFE_MS, type ProviderChallenge } from './departure.ts'
import { goTo } from './leave.ts'
import { linkIdentity } from './link-identity.ts'
import { type LinkedIdentity, LINKED_MAX } from './linked-identity.ts'
import { tellLinked } from './mails.ts'
import { type LinkedPageProps, linkedPage } from './pages/linked-page.ts'
import * as queries from './queries.ts'
import { lookAt, offeredProvider, standingOf } from './show-provider.ts'
import { unlinkIdentity } from './unlink-identity.ts'

export const LINKED_PATH = '/account/linked-identities'
export const LinkedQuery = Type.Object({ done: Type.Optional(Type.String({ maxLength: 10 })) })
export const LinkedId = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** `GET /account/linked-identities`. */
export async function showLinked(parts: Parts, call: Call<unknown, Static<typeof LinkedQuery>>): Promise<Answer> {
  const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid') {
    return redirect(`${call.prefix}/sign-in?return_to=${encodeURIComponent(`${call.prefix}${LINKED_PATH}`)}`)
  }
  return linkedPageOf(parts, call, answer.session.user.id, { done: call.query.done })
}

/** `POST /account/linked-identities/{id}/remove`. */
export async function postUnlink(parts: Parts, call: Call<unknown, unknown, { id: string }>): Promise<Answer> {
  const person = await freshPerson(parts, call, LINKED_PATH)
  if ('answer' in person) return person.answer
  await unlinkIdentity(parts, call, call.params.id)
  return redirect(`${call.prefix}${LINKED_PATH}?done=removed`)
}

/** `POST /account/linked-identities/with/{id}`: leaves for the provider, to come back with who one is there. */
export async function postLink(parts: Parts, call: Call<unknown, unknown, { id: string }>): Promise<Answer> {
  const person = await freshPerson(parts, call, LINKED_PATH)
  if ('answer' in person) return person.answer
  // Refuses whoever came in another way while their provider was down: what they link would outlive that.
  await parts.sessions.guards.freshPersonAlone()(call)
  const audience = call.application ?? ACCOUNT_AUDIENCE
  const provider = offeredProvider(parts, call.params.id, audience)
  const { id: userId } = person.session.user
  const { id: sessionId } = person.session
  await assertMayLeave(parts, person.session, provider)
  const { canGo, standing } = await lookAt(parts, provider)
  if (!canGo) {
    const { words } = pageOf(parts, call)
    const said = standing.state === 'limited' ? words.federation.limited : words.federation.checkingTitle
    return linkedPageOf(parts, call, userId, { failed: said(provider.name) })
  }
  const returnTo = `${call.origin}${call.prefix}${LINKED_PATH}?done=linked`
  const asked = { wantsFresh: false, hasPasskeys: false }
  return goTo(parts, call, { provider, purpose: 'link', userId, sessionId, audience, returnTo, ...asked })
}

/** Nobody is sent away for what is refused when they are back; there it is judged again. */
async function assertMayLeave(parts: Parts, { id, user }: Session, provider: Provider): Promise<void> {
  const links = await queries.linkedOf(parts.db, user.id)
  if (links.some(({ provider_id }) => provider_id === provider.id)) return
  const row = await parts.sessions.find(id)
  if (!row) throw refuse('gone')
  await assertMayJoin(parts, parts.db, { userId: user.id, links, came: await cameIn(parts.db, row) })
}

/** Back from the provider: joined to whoever left for it, if they are still the one who is signed in here, and in that session. */
export async function finishLink(
  parts: Parts,
  call: Call,
  { challenge, identity, provider }: { challenge: ProviderChallenge; identity: ProvenIdentity; provider: Provider },
): Promise<Answer> {
  // They were fresh when they left, and the way there and back is part of it.
  const freshWithinMs = FRESH_SIGN_IN_MS + DEPARTURE_LIFE_MS
  const guard = parts.sessions.guards.freshPersonAlone(freshWithinMs)
  const actor = await ownerBy(guard, call)
  if (actor.id !== challenge.user_id) throw refuse('departure_other_browser')
  // The strongest once more: they may have got a passkey while they were away.
  const begun = { sessionId: challenge.session_id, freshWithinMs, refusal: 'departure_other_browser' } as const
  const session = await assertSameSession(parts, actor, begun)
  const joined = await parts.db.transaction(async (db) => {
    const user = await lockUser(db, actor.id)
    if (!user) throw refuse('gone')
    const shown = { shownBy: 'session', came: await cameIn(db, session) } as const
    const { isNew } = await linkIdentity(parts, db, call, { userId: user.id, identity, ...shown })
    return { user, isNew }
  })
  const pagesUrl = `${call.origin}${call.prefix}`
  if (joined.isNew) tellLinked(parts, { user: joined.user, provider: provider.name, pagesUrl })
  return redirect(challenge.return_to)
}

async function linkedPageOf(
  parts: Parts,
  call: Call,
  userId: string,
  { done, failed }: { done?: string | undefined; failed?: string },
): Promise<Answer> {
  const user = await findUser(parts.db, userId)
  if (!user) throw new Error('a person with a session has no account')
  const linked = await queries.linkedOf(parts.db, userId)
  const view = pageOf(parts, call, user)
  const words = view.words.federation.linked
  const text = { linked: words.isLinked, removed: words.isRemoved }[done ?? '']
  const props: LinkedPageProps = {
    said: failed ? { kind: 'error', text: failed } : text ? { kind: 'done', text } : null,
    linked: linked.map((each) => ({
      id: each.id,
      provider: parts.providers.find(each.provider_id)?.name ?? null,
      email: each.email,
      name: each.name,
      linkedAt: each.linked_at,
      lastProvedAt: each.last_proved_at,
      closedReason: each.closed_reason,
      removeForm: formTo(`${LINKED_PATH}/${each.id}/remove`),
    })),
    offered: linked.length < LINKED_MAX ? offeredTo(parts, view, linked) : [],
  }
  return page(failed ? 409 : 200, linkedPage(view, props))
}

/** Each provider once: whoever has another identity there takes the first one away. */
function offeredTo(
  parts: Parts,
  view: ReturnType<typeof pageOf>,
  linked: readonly LinkedIdentity[],
): LinkedPageProps['offered'] {
  const free = parts.providers.offered().filter(({ id }) => !linked.some(({ provider_id }) => provider_id === id))
  return free.map((provider) => {
    const { name } = provider
    const standing = standingOf(parts, provider)
    const isDown = standing.state === 'open'
    const text = isDown ? view.words.federation.linked.down(name, moment(view, standing.since)) : ''
    return {
      name,
      form: formTo(`${LINKED_PATH}/with/${provider.id}`),
      notice: isDown ? { state: 'failing', text } : null,
    }
  })
}

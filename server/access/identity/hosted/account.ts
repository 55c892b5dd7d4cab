import { byCaller } from '../../../ground/audit/index.ts'
import { type Static, Type } from 'typebox'
import type { Session, SessionAnswer } from '../../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import type { SessionRow } from '../../sessions/index.ts'
import { audienceInWords } from '../brand.ts'
import { editProfile } from '../edit-profile.ts'
import { type AccountProps, accountPage, type EndedSession, type LiveSession, signedOutPage } from '../pages/index.ts'
import { provisionalNotice } from '../fail-over/say-provisional.ts'
import { actedOf } from '../impersonation/hosted.ts'
import type { Parts } from '../parts.ts'
import type { ProfileErrors } from '../profile.ts'
import * as queries from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { User } from '../user.ts'
import { forgetChoice } from './language.ts'
import { formTo, pageOf } from './page-of.ts'

export const AccountQuery = Type.Object({ saved: Type.Optional(Type.String({ maxLength: 8 })) })
const Text = Type.Optional(Type.String({ maxLength: 10_000 }))
export const ProfileForm = Type.Object({ name: Text, picture_url: Text, locale: Text, time_zone: Text })
type ProfileForm = Static<typeof ProfileForm>
export const SessionId = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** One more than a page shows, so that it can say that there are more. */
const SESSIONS_READ_MAX = 200
const ENDED_READ_MAX = 50
const ENDED_SHOWN_MS = 30 * 24 * 3_600_000

type Valid = Extract<SessionAnswer, { verdict: 'valid' }>

/** `GET /account`. In an outage it shows what the verdict itself knows, and says that the rest is not known. */
export async function showAccount(parts: Parts, call: Call<unknown, Static<typeof AccountQuery>>): Promise<Answer> {
  const answer = await signedIn(parts, call)
  if (!answer) return toSignIn(call)
  try {
    return await knownAccount(parts, call, answer.session, { isSaved: call.query.saved === '1' })
  } catch (error) {
    if (!(error instanceof DatabaseOutage)) throw error
    return unknownAccount(parts, call, answer)
  }
}

/** `POST /account/profile`. */
export async function postProfile(parts: Parts, call: Call<ProfileForm>): Promise<Answer> {
  const answer = await signedIn(parts, call)
  if (!answer) return toSignIn(call)
  const { name, picture_url, locale, time_zone } = call.body
  const typed = { name, picture_url, locale, time_zone }
  const before = await queries.findUser(parts.db, answer.session.user.id)
  const { user, impersonator } = answer.session
  const by = { ...byCaller(call, user.id), impersonatorId: impersonator?.id ?? null }
  const edited = await editProfile(parts, answer.session.user.id, by, typed)
  if (edited.outcome === 'invalid') return knownAccount(parts, call, answer.session, { typed, errors: edited.errors })
  // The proof carries the name: a fresh one, or the app would greet by the old name for five minutes.
  const { cookies } = await parts.sessions.refresh(call)
  const isSaidNow = edited.user.locale !== null && edited.user.locale !== before?.locale
  const forgotten = isSaidNow ? forgetChoice(call) : []
  return redirect(`${call.prefix}/account?saved=1`, { cookies: [...cookies, ...forgotten] })
}

/** `POST /account/sessions/{id}/end`: one of one's own. */
export async function endOne(parts: Parts, call: Call<unknown, unknown, { id: string }>): Promise<Answer> {
  const answer = await signedIn(parts, call)
  if (!answer) return toSignIn(call)
  const { user, id: currentId } = answer.session
  const { id } = call.params
  const row = await parts.sessions.find(id)
  if (row?.user_id !== user.id) throw refuse('not_yours')
  if (id === currentId) return signOutHere(parts, call)
  await parts.sessions.end({ sessionId: id, reason: 'signed_out_elsewhere', by: user.id, inSessionId: currentId })
  return redirect(`${call.prefix}/account`)
}

/** `POST /account/sessions/end-all`: this browser's as well. */
export async function endAll(parts: Parts, call: Call): Promise<Answer> {
  const answer = await signedIn(parts, call)
  if (!answer) return toSignIn(call)
  const { id: userId } = answer.session.user
  await parts.sessions.endAll({ userId, reason: 'signed_out_everywhere', by: userId, inSessionId: answer.session.id })
  const cookies = parts.sessions.clearing(call, call.application ?? ACCOUNT_AUDIENCE)
  return page(200, signedOutPage(pageOf(parts, call), { done: 'everywhere', signInPath: '/sign-in' }), { cookies })
}

async function signOutHere(parts: Parts, call: Call): Promise<Answer> {
  const { outcome, cookies } = await parts.sessions.signOut(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
  const done = outcome === 'ended' ? 'here' : 'pending'
  return page(200, signedOutPage(pageOf(parts, call), { done, signInPath: '/sign-in' }), { cookies })
}

/** Undefined: certainly nobody. What is not known is an outage, and no reason to send anybody to sign-in. */
async function signedIn(parts: Parts, call: Call): Promise<Valid | undefined> {
  const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  return answer.verdict === 'valid' ? answer : undefined
}

const toSignIn = (call: Call) =>
  redirect(`${call.prefix}/sign-in?return_to=${encodeURIComponent(`${call.prefix}/account`)}`)

async function knownAccount(
  parts: Parts,
  call: Call,
  session: Session,
  said: { isSaved?: boolean; typed?: ProfileForm; errors?: ProfileErrors },
): Promise<Answer> {
  const userId = session.user.id
  const user = await queries.findUser(parts.db, userId)
  if (!user) throw new Error('a person with a session has no account')
  const live = await parts.sessions.list({ userId, state: 'live', limit: SESSIONS_READ_MAX })
  const ended = await parts.sessions.list({ userId, state: 'ended', limit: ENDED_READ_MAX })
  const since = parts.clock.now().getTime() - ENDED_SHOWN_MS
  const view = pageOf(parts, call, user)
  const props: AccountProps = {
    ...frameOf(call, user.email),
    notice: provisionalNotice(
      parts,
      view,
      live.find(({ id }) => id === session.id),
    ),
    profile: {
      form: formTo('/account/profile'),
      values: valuesOf(user, said.typed),
      errors: said.errors ?? {},
      isSaved: said.isSaved === true,
    },
    sessions: live.map((row) => liveSession(parts, row, session.id)),
    acted: await actedOf(parts, userId),
    ended: ended.filter((row) => row.ended_at!.getTime() >= since).map((row) => endedSession(parts, row)),
  }
  return page(said.errors ? 400 : 200, accountPage(view, props))
}

function unknownAccount(parts: Parts, call: Call, { session, source, age_ms }: Valid): Answer {
  const { email, name, picture_url } = session.user
  const props: AccountProps = {
    ...frameOf(call, email ?? ''),
    profile: { form: formTo('/account/profile'), values: { name, picture_url, locale: null, time_zone: null } },
    sessions: 'unknown',
    ended: [],
    unknownSince: parts.database.isAway() ? parts.database.health().since : null,
    known: { source, ageMs: age_ms },
  }
  return page(200, accountPage(pageOf(parts, call), props))
}

function frameOf(call: Call, email: string) {
  return {
    email,
    endAllForm: formTo('/account/sessions/end-all'),
    signOutForm: formTo('/sign-out'),
    backUrl: call.application === null ? null : `${call.origin}/`,
  }
}

/** What was typed is shown again with what is wrong about it. */
function valuesOf(user: User, typed: ProfileForm | undefined): AccountProps['profile']['values'] {
  if (!typed) return user
  const { name = '', picture_url = '', locale = '', time_zone = '' } = typed
  return { name, picture_url, locale, time_zone }
}

function liveSession(parts: Parts, row: SessionRow, currentId: string): LiveSession {
  return {
    id: row.id,
    device: row.device.name,
    address: row.device.address || null,
    application: audienceInWords(parts, row.audience),
    // A provider may have seen them before this session began, or not say when.
    signedInAt: row.created_at > row.authenticated_at ? row.created_at : row.authenticated_at,
    lastSeenAt: row.last_seen_at,
    isCurrent: row.id === currentId,
    support: row.impersonator && (row.impersonator.name ?? row.impersonator.id),
    endForm: formTo(`/account/sessions/${row.id}/end`),
  }
}

function endedSession(parts: Parts, row: SessionRow): EndedSession {
  return {
    id: row.id,
    device: row.device.name,
    address: row.device.address || null,
    application: audienceInWords(parts, row.audience),
    endedAt: row.ended_at!,
    reason: row.end_reason!,
  }
}

import { type Static, Type } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { type Actor, type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { browserOf, knownBrowser } from '../browser.ts'
import { readEmail } from '../email.ts'
import { freshPerson } from '../hosted/fresh-person.ts'
import { languageFor } from '../hosted/language.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import type { Parts } from '../parts.ts'
import { ownerBy } from '../owner.ts'
import { findUser } from '../queries.ts'
import { confirmByCode } from './confirm-change.ts'
import type { EmailChange, LinkPurpose } from './email-change.ts'
import { changeState } from './email-change.ts'
import { type LinkSeen, lookAtLink, proveByLink, undoByLink } from './follow-links.ts'
import { type EmailCodePageProps, type EmailPageProps, emailCodePage, emailPage } from './pages.ts'
import { linkDonePage, linkPage, linkSpentPage } from './pages.ts'
import { newestChange } from './queries.ts'
import { startChange } from './start-change.ts'

export const EmailQuery = Type.Object({ changed: Type.Optional(Type.String({ maxLength: 8 })) })
export const EmailForm = Type.Object({ email: Type.Optional(Type.String({ maxLength: 4096 })) })
export const EmailCodeForm = Type.Object({ code: Type.Optional(Type.String({ maxLength: 200 })) })
export const ChangeToken = Type.Object({ token: Type.String({ maxLength: 200 }) })
type TokenCall = Call<unknown, unknown, { token: string }>

const PATH = '/account/email'

/** `GET /account/email`. */
export async function showEmail(parts: Parts, call: Call<unknown, Static<typeof EmailQuery>>): Promise<Answer> {
  const person = await freshPerson(parts, call, PATH)
  if ('answer' in person) return person.answer
  return emailPageOf(parts, call, person.session.user.id, { isChanged: call.query.changed === '1' })
}

/** `POST /account/email`: sends the code and goes on to its page, whether the address has an account or not. */
export async function postEmail(parts: Parts, call: Call<Static<typeof EmailForm>>): Promise<Answer> {
  const person = await freshPerson(parts, call, PATH)
  if ('answer' in person) return person.answer
  const { id: userId, email: current } = person.session.user
  const typed = call.body.email ?? ''
  const read = readEmail(typed)
  if (read.outcome !== 'ok') return emailPageOf(parts, call, userId, { typed, error: read.outcome })
  if (read.email.address === current) return emailPageOf(parts, call, userId, { typed, error: 'same' })

  const browser = browserOf(call)
  const started = await parts.db.transaction((db) =>
    startChange(parts, db, {
      userId,
      by: byCaller(call, userId),
      email: read.email,
      proof: 'code',
      browserDigest: browser.digest,
      sessionId: person.session.id,
      pagesUrl: `${call.origin}${call.prefix}`,
      language: languageFor(call),
    }),
  )
  started.tell()
  return redirect(`${call.prefix}${PATH}/code`, { cookies: browser.cookies })
}

async function emailPageOf(
  parts: Parts,
  call: Call,
  userId: string,
  said: Pick<EmailPageProps, 'typed' | 'error' | 'isChanged'>,
): Promise<Answer> {
  const user = await findUser(parts.db, userId)
  if (!user) throw new Error('a person with a session has no account')
  const props = { form: formTo(PATH), email: user.email, ...said }
  return page(said.error ? 400 : 200, emailPage(pageOf(parts, call, user), props))
}

/** `GET /account/email/code`. */
export async function showEmailCode(parts: Parts, call: Call): Promise<Answer> {
  const begun = await begunHere(parts, call)
  if ('answer' in begun) return begun.answer
  const state = changeState(begun.change, parts.clock.now())
  if (state === 'confirmed' || state === 'undone') return redirect(`${call.prefix}${PATH}`)
  return codePageOf(parts, call, begun.change, { error: state === 'over' ? 'expired' : null })
}

/** `POST /account/email/code`: no fresh sign-in once more; the change was begun by one, minutes ago, in this browser and this session. */
export async function postEmailCode(parts: Parts, call: Call<Static<typeof EmailCodeForm>>): Promise<Answer> {
  const begun = await begunHere(parts, call)
  if ('answer' in begun) return begun.answer
  const { change, actor } = begun
  const confirmed = await confirmByCode(parts, call, {
    changeId: change.id,
    actor,
    code: call.body.code ?? '',
    browserDigest: knownBrowser(call),
  })
  switch (confirmed.outcome) {
    case 'changed': {
      // The proof carries the address: a fresh one, or apps would show the old one for five minutes.
      const { cookies } = await parts.sessions.refresh(call)
      return redirect(`${call.prefix}${PATH}?changed=1`, { cookies })
    }
    case 'other-browser':
      return redirect(`${call.prefix}${PATH}`)
    case 'wrong':
      return codePageOf(parts, call, change, { error: 'wrong', attemptsLeft: confirmed.attemptsLeft })
    default:
      return codePageOf(parts, call, change, { error: confirmed.outcome })
  }
}

/** The newest change of this person in this browser; or where to begin one. */
async function begunHere(
  parts: Parts,
  call: Call,
): Promise<{ change: EmailChange; actor: Actor } | { answer: Answer }> {
  const { actor, answer } = await personHere(parts, call)
  if (!actor) return { answer }
  const digest = knownBrowser(call)
  const change = digest && (await newestChange(parts.db, actor.id, digest))
  return change ? { change, actor } : { answer: redirect(`${call.prefix}${PATH}`) }
}

async function personHere(parts: Parts, call: Call) {
  const answer = redirect(`${call.prefix}/sign-in?return_to=${encodeURIComponent(`${call.prefix}${PATH}`)}`)
  const verified = await parts.sessions.verify(call)
  if (verified.verdict === 'invalid') return { actor: undefined, answer }
  // Refuses support, and rises as an outage where nothing is known.
  const actor = await ownerBy(parts.sessions.guards.personAlone, call)
  return { actor, answer }
}

function codePageOf(
  parts: Parts,
  call: Call,
  change: EmailChange,
  said: Pick<EmailCodePageProps, 'error' | 'attemptsLeft'>,
): Answer {
  const status = !said.error ? 200 : said.error === 'expired' || said.error === 'spent' ? 410 : 400
  const props = { form: formTo(`${PATH}/code`), email: change.new_email, expiresAt: change.expires_at, ...said }
  return page(status, emailCodePage(pageOf(parts, call), props))
}

/** `GET /email-change/{token}` and `GET /email-change/undo/{token}`: consume nothing, however often they are opened. */
export async function showChangeLink(parts: Parts, call: TokenCall, purpose: LinkPurpose): Promise<Answer> {
  return linkPageOf(parts, call, purpose, await lookAtLink(parts, call, purpose, call.params.token))
}

/** The button on that page. */
export async function postChangeLink(parts: Parts, call: TokenCall, purpose: LinkPurpose): Promise<Answer> {
  const follow = purpose === 'prove' ? proveByLink : undoByLink
  return linkPageOf(parts, call, purpose, await follow(parts, call, call.params.token))
}

function linkPageOf(parts: Parts, call: TokenCall, purpose: LinkPurpose, seen: LinkSeen): Answer {
  const view = pageOf(parts, call)
  if (seen.outcome === 'expired' || seen.outcome === 'unknown') {
    return page(seen.outcome === 'expired' ? 410 : 404, linkSpentPage(view))
  }
  const email = purpose === 'prove' ? seen.change.new_email : seen.change.old_email
  if (seen.outcome === 'done') return page(200, linkDonePage(view, { purpose, email }))
  const path = purpose === 'prove' ? '/email-change' : '/email-change/undo'
  return page(200, linkPage(view, { purpose, email, form: formTo(`${path}/${call.params.token}`) }))
}

import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { type Static, Type } from 'typebox'
import type { Session } from '../../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { deviceOf, FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import { returnToOf } from '../audience.ts'
import { knownBrowser } from '../browser.ts'
import { freshPerson, isProvenStrongest } from '../hosted/fresh-person.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import { deviceIn } from '../words/device.ts'
import { toldIn } from '../words/sentences.ts'
import type { Parts } from '../parts.ts'
import { pathToAsk } from '../hand-over/vouching/ask.ts'
import { recoveryCodesOf } from '../recovery-codes/index.ts'
import { refuse } from '../refusals.ts'
import { awakeAmong } from './awake.ts'
import { finishEnrolment } from './enrol.ts'
import { arePasskeysHere, canHavePasskeys } from './here.ts'
import { confirmPasskey, confirmPasskeys, listPasskeys, removePasskey, renamePasskey } from './keep.ts'
import { OFFER_PATH } from './offer.ts'
import type { Ceremony } from './pages/ceremony.ts'
import { offerPage } from './pages/offer-page.ts'
import { type Adding, passkeysPage, type PasskeysProps, removePage, type ShownPasskey } from './pages/passkeys-page.ts'
import { isUsable, PASSKEYS_MAX } from './passkey.ts'
import * as queries from './queries.ts'
import { requiresPasskey } from './required.ts'
import { isShaped, Made, type Shown } from './shapes.ts'

const PATH = '/account/passkeys'
const Text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
export const PasskeysQuery = Type.Object({ done: Text(9) })
export const OfferQuery = Type.Object({ return_to: Text(4096) })
export const NameForm = Type.Object({ name: Text(1000) })
export const RemoveForm = Type.Object({ end_others: Text(3) })
/** `response`: what the script wrote; as long as the longest that the API takes. */
export const MadeForm = Type.Object({ response: Text(60_000), name: Text(1000), return_to: Text(4096) })
type IdCall<Body = unknown> = Call<Body, unknown, { id: string }>

/** `GET /account/passkeys`. */
export async function showPasskeys(parts: Parts, call: Call<unknown, Static<typeof PasskeysQuery>>): Promise<Answer> {
  const session = await signedIn(parts, call)
  if (!session) return toSignIn(call)
  const done = (['added', 'renamed', 'removed', 'confirmed'] as const).find((each) => each === call.query.done)
  return passkeysPageOf(parts, call, session, { done: done ?? null })
}

async function passkeysPageOf(
  parts: Parts,
  call: Call,
  session: Session,
  said: Pick<PasskeysProps, 'done' | 'error'>,
): Promise<Answer> {
  const userId = session.user.id
  const passkeys = await shownOf(parts, userId)
  const { made_at: madeAt } = await recoveryCodesOf(parts, userId)
  const adding = await addingOf(parts, call, session, passkeys.length)
  const props = { passkeys, adding, ...said, suggestsRecovery: passkeys.length > 0 && madeAt === null }
  return page(said.error ? 400 : 200, passkeysPage(pageOf(parts, call), props))
}

/** With whether each would let its owner in at the moment. */
async function shownOf(parts: Parts, userId: string): Promise<ShownPasskey[]> {
  const held = await listPasskeys(parts, userId)
  const awake = new Set(await awakeAmong(parts, parts.db, { userId, audience: ACCOUNT_AUDIENCE }, held))
  return held.map((each) => {
    const isAsleep = isUsable(each) && !awake.has(each)
    return { ...each, asleep: isAsleep ? (each.enrolled_by_provider === null ? 'notTaken' : 'dormant') : null }
  })
}

async function addingOf(parts: Parts, call: Call, session: Session, held: number): Promise<Adding> {
  if (!canHavePasskeys(parts.config.url)) return { state: 'unable' }
  if (held >= PASSKEYS_MAX) return { state: 'full' }
  if (!arePasskeysHere(parts, call)) {
    return {
      state: 'elsewhere',
      url: pathToAsk(parts, call, { userId: session.user.id, returnTo: `${call.origin}${call.prefix}${PATH}` }),
    }
  }
  const agedMs = parts.clock.now().getTime() - Date.parse(session.authenticated_at)
  const isFresh = agedMs <= FRESH_SIGN_IN_MS && !session.impersonator
  if (!isFresh || !(await isProvenStrongest(parts, session))) {
    const back = encodeURIComponent(PATH)
    const freshPath = `/sign-in?max_age=${FRESH_SIGN_IN_MS / 1000}&strongest=1&return_to=${back}`
    return { state: 'stale', freshPath }
  }
  return { state: 'ready', ceremony: enrolment(PATH), name: nameFor(parts, call) }
}

const enrolment = (path: string, hidden: Record<string, string> = {}): Ceremony => ({
  kind: 'create',
  beginPath: '/v1/account/passkey-enrolments',
  asked: {},
  form: formTo(path, hidden),
})

/** `Chrome on Windows`, in the reader's language: what a list of keys is told apart by. */
function nameFor(parts: Parts, call: Call): string {
  return deviceIn(pageOf(parts, call).words, deviceOf(call.headers, call.address).name).slice(0, 100)
}

/** `POST /account/passkeys`: what an authenticator made. */
export async function postPasskey(parts: Parts, call: Call<Static<typeof MadeForm>>): Promise<Answer> {
  const session = await signedIn(parts, call)
  if (!session) return toSignIn(call)
  const error = await enrolFrom(parts, call)
  if (error === undefined) return redirect(`${call.prefix}${PATH}?done=added`)
  return passkeysPageOf(parts, call, session, { error })
}

/** Undefined: it is kept. What is wrong with it otherwise, in the reader's words. */
async function enrolFrom(parts: Parts, call: Call<Static<typeof MadeForm>>): Promise<string | undefined> {
  const { response, name = '' } = call.body
  try {
    const made = readResponse<RegistrationResponseJSON>(Made, response)
    if (!made) throw refuse('passkey_refused')
    await finishEnrolment(parts, call, { response: made, name: name.trim() === '' ? nameFor(parts, call) : name })
    return undefined
  } catch (error) {
    return saidOf(parts, call, error)
  }
}

/** Refusals about passkeys are told on the page on which they came about; all others are pages of their own. */
export function saidOf(parts: Parts, call: Call, error: unknown): string {
  const isOurs = error instanceof Refusal && /^identity\.(\w*passkey\w*)$/.test(error.code)
  if (!isOurs) throw error
  const { status, code, message: detail } = error
  return toldIn(pageOf(parts, call).words.sentences, { ...error.facts, status, code, title: '', detail }).detail
}

/** `POST /account/passkeys/{id}/name`. */
export async function postName(parts: Parts, call: IdCall<Static<typeof NameForm>>): Promise<Answer> {
  const session = await signedIn(parts, call)
  if (!session) return toSignIn(call)
  try {
    await renamePasskey(parts, call, { id: call.params.id, name: call.body.name ?? '' })
  } catch (error) {
    return passkeysPageOf(parts, call, session, { error: saidOf(parts, call, error) })
  }
  return redirect(`${call.prefix}${PATH}?done=renamed`)
}

/** `POST /account/passkeys/{id}/confirm`: after a fresh sign-in, which comes back to the list. */
export async function postConfirm(parts: Parts, call: IdCall): Promise<Answer> {
  const person = await freshPerson(parts, call, PATH)
  if ('answer' in person) return person.answer
  await confirmPasskey(parts, call, call.params.id)
  return redirect(`${call.prefix}${PATH}?done=confirmed`)
}

/** `POST /account/passkeys/confirm`: all that came back from a backup. */
export async function postConfirmAll(parts: Parts, call: Call): Promise<Answer> {
  const person = await freshPerson(parts, call, PATH)
  if ('answer' in person) return person.answer
  await confirmPasskeys(parts, call)
  return redirect(`${call.prefix}${PATH}?done=confirmed`)
}

/** `GET /account/passkeys/{id}/remove`. */
export async function showRemove(parts: Parts, call: IdCall): Promise<Answer> {
  const path = `${PATH}/${encodeURIComponent(call.params.id)}/remove`
  const person = await freshPerson(parts, call, path)
  if ('answer' in person) return person.answer
  const passkey = await queries.findOwnPasskey(parts.db, call.params.id, person.session.user.id)
  if (!passkey) throw refuse('no_passkey')
  return page(200, removePage(pageOf(parts, call), { passkey, form: formTo(path) }))
}

/** `POST /account/passkeys/{id}/remove`. */
export async function postRemove(parts: Parts, call: IdCall<Static<typeof RemoveForm>>): Promise<Answer> {
  const person = await freshPerson(parts, call, `${PATH}/${encodeURIComponent(call.params.id)}/remove`)
  if ('answer' in person) return person.answer
  await removePasskey(parts, call, { id: call.params.id, endsOthers: call.body.end_others === 'yes' })
  return redirect(`${call.prefix}${PATH}?done=removed`)
}

/** `GET /account/passkeys/offer`: after a sign-in by mail; who has one, or cannot have one, goes on at once. */
export async function showOffer(parts: Parts, call: Call<unknown, Static<typeof OfferQuery>>): Promise<Answer> {
  const returnTo = returnToOf(parts, call, ACCOUNT_AUDIENCE, call.query.return_to)
  const session = await signedIn(parts, call)
  if (!session) return toSignIn(call)
  return offerPageOf(parts, call, session, { returnTo })
}

async function offerPageOf(
  parts: Parts,
  call: Call,
  session: Session,
  { returnTo, error }: { returnTo: string; error?: string },
): Promise<Answer> {
  const adding = await addingOf(parts, call, session, (await listPasskeys(parts, session.user.id)).length)
  if (adding.state !== 'ready' && adding.state !== 'elsewhere') return redirect(returnTo)
  const taking =
    adding.state === 'ready'
      ? { ceremony: enrolment(OFFER_PATH, { return_to: returnTo }), name: adding.name }
      : { awayUrl: pathToAsk(parts, call, { userId: session.user.id, returnTo }) }
  const content = offerPage(pageOf(parts, call), {
    account: session.user.email,
    taking,
    later: formTo(`${PATH}/later`, { return_to: returnTo }),
    isRequired: await requiresPasskey(parts, session.user.id),
    error: error ?? null,
  })
  return page(error ? 400 : 200, content, { formActions: [new URL(returnTo).origin] })
}

/** `POST /account/passkeys/offer`: what an authenticator made, and on to where the sign-in was meant to lead. */
export async function postOffer(parts: Parts, call: Call<Static<typeof MadeForm>>): Promise<Answer> {
  const returnTo = returnToOf(parts, call, ACCOUNT_AUDIENCE, call.body.return_to)
  const session = await signedIn(parts, call)
  if (!session) return toSignIn(call)
  const error = await enrolFrom(parts, call)
  return error === undefined ? redirect(returnTo) : offerPageOf(parts, call, session, { returnTo, error })
}

/** `POST /account/passkeys/later`: remembered for this person in this browser. */
export async function postLater(parts: Parts, call: Call<Static<typeof OfferQuery>>): Promise<Answer> {
  const returnTo = returnToOf(parts, call, ACCOUNT_AUDIENCE, call.body.return_to)
  const session = await signedIn(parts, call)
  const browser = knownBrowser(call)
  if (session && browser) await queries.noteDeclined(parts.db, session.user.id, browser, parts.clock.now())
  return redirect(returnTo)
}

/** What the script wrote, if it has the shape that the API asks for. */
export function readResponse<Response extends RegistrationResponseJSON | AuthenticationResponseJSON>(
  shape: typeof Made | typeof Shown,
  text: string | undefined,
): Response | undefined {
  const read = parsed(text ?? '')
  return isShaped(shape, read) ? (read as Response) : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whatever it is, no authenticator wrote it.
    return undefined
  }
}

/** Undefined: certainly nobody. What is not known is an outage, and no reason to send anybody to sign-in. */
async function signedIn(parts: Parts, call: Call): Promise<Session | undefined> {
  const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  return answer.verdict === 'valid' ? answer.session : undefined
}

const toSignIn = (call: Call) =>
  redirect(`${call.prefix}/sign-in?return_to=${encodeURIComponent(`${call.prefix}${PATH}`)}`)

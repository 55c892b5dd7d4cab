import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import { byCaller } from '../../../ground/audit/index.ts'
import { DatabaseOutage, type Queries } from '../../../platform/database/index.ts'
import type { Call, CookieChange } from '../../../platform/http/index.ts'
import { lockUser } from '../accounts/queries.ts'
import { audienceOf, returnToOf } from '../audience.ts'
import { browserOf } from '../browser.ts'
import { completeBy, type Proof, type SignInCompleted } from '../complete-sign-in.ts'
import type { Parts } from '../parts.ts'
import { findUser, isKnownBrowser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { User } from '../user.ts'
import { assertOurs, type BeginChallenge, beginChallenge, beginHits, meetChallenge } from './challenge.ts'
import { givingBack } from './enrol.ts'
import { tellMethod } from './mails.ts'
import { CHALLENGE_LIFE_MS, isUsable, methodsOf, type Passkey, type PasskeyChallenge, whyUnusable } from './passkey.ts'
import * as queries from './queries.ts'
import { verifyShown } from './verify.ts'

export interface BeginPasskeySignIn {
  /** `step-up`: whoever is signed in proves it again, by a passkey of theirs. */
  purpose: 'sign-in' | 'step-up'
  application?: string | undefined
  returnTo?: string | undefined
}

export interface PasskeySignInBegun {
  /** For `navigator.credentials.get`. */
  options: PublicKeyCredentialRequestOptionsJSON
  expiresAt: Date
  cookies: CookieChange[]
}

/**
 * Begins a sign-in by passkey. It names no credential, so that it can wait in the page for autofill and tells nobody who has
 * an account. A page that stays open begins again before the challenge is over; older ones of the browser stay good.
 */
export async function beginPasskeySignIn(
  parts: Parts,
  call: Call,
  input: BeginPasskeySignIn,
): Promise<PasskeySignInBegun> {
  assertOurs(call)
  const { purpose } = input
  const audience = audienceOf(call, input.application)
  const returnTo = returnToOf(parts, call, audience, input.returnTo)
  const userId = purpose === 'step-up' ? await signedInAs(parts, call, audience) : null
  return beginShowing(parts, call, { purpose, userId, audience, returnTo })
}

/** Asks for a passkey of whoever comes, or of this person. */
export async function beginShowing(
  parts: Parts,
  call: Call,
  begin: Omit<BeginChallenge, 'browser'>,
): Promise<PasskeySignInBegun> {
  const { userId } = begin
  const browser = browserOf(call)
  const now = parts.clock.now()
  const hits = beginHits(call, browser)
  parts.limiter.passHere(hits, now)
  const { begun, held } = await givingBack(parts, hits, () =>
    parts.db.transaction(async (db) => {
      await parts.limiter.pass(db, hits, now)
      const held = userId === null ? [] : (await queries.passkeysOf(db, userId)).filter(isUsable)
      // An empty list would ask for whatever the device has, of whomever.
      if (userId !== null && held.length === 0) throw refuse('no_passkey_to_confirm')
      return { begun: await beginChallenge(parts, db, { ...begin, browser }), held }
    }),
  )
  const options = await askFor(parts, { challenge: begun.challenge, held })
  return { options, expiresAt: begun.expiresAt, cookies: browser.cookies }
}

/** Any passkey for this relying party, or one of those. */
function askFor(
  parts: Parts,
  { challenge, held }: { challenge: string; held: readonly Passkey[] },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return generateAuthenticationOptions({
    rpID: parts.config.relyingPartyId,
    challenge: Uint8Array.from(Buffer.from(challenge, 'base64url')),
    timeout: CHALLENGE_LIFE_MS,
    userVerification: 'required',
    allowCredentials: held.map(({ credential_id, transports }) => ({
      id: credential_id.toString('base64url'),
      transports,
    })),
  })
}

async function signedInAs(parts: Parts, call: Call, audience: string): Promise<string> {
  const answer = await parts.sessions.verify(call, { audience })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid') throw refuse('passkey_not_signed_in')
  if (answer.session.impersonator) throw refuse('impersonated')
  return answer.session.user.id
}

/** A passkey that was shown as it was asked for, and nothing done about it yet. */
export interface MetPasskey {
  met: PasskeyChallenge & { purpose: 'sign-in' | 'step-up' }
  passkey: Passkey
  shown: { counter: number; isBackedUp: boolean }
}

/**
 * Signs in by what an authenticator has signed. The challenge is tried once, whatever comes of it; what it says of its
 * counter is believed only once its signature is verified.
 */
export async function finishPasskeySignIn(
  parts: Parts,
  call: Call,
  response: AuthenticationResponseJSON,
): Promise<SignInCompleted<MetPasskey['met']>> {
  const { met, passkey, shown } = await meetPasskey(parts, call, response, null)
  return completeBy(parts, call, { challenge: met, method: 'passkey', proof: proofOf(passkey) }, async (db) => {
    const user = await useShown(parts, db, { met, passkey, shown })
    if (!user) return undefined
    const isKnown = await isKnownBrowser(db, user.id, met.browser_digest)
    return { user, isKnownBrowser: isKnown }
  })
}

export const proofOf = (passkey: Pick<Passkey, 'id' | 'is_multi_device'>) =>
  ({ amr: methodsOf(passkey), acr: 'multiple', provenWith: passkey.id }) satisfies Proof

/** The passkey that was shown for a challenge of this browser, and for this hand-over; null: for a session here. */
export async function meetPasskey(
  parts: Parts,
  call: Call,
  response: AuthenticationResponseJSON,
  handOverId: string | null,
): Promise<MetPasskey> {
  assertOurs(call)
  const purposes = ['sign-in', 'step-up'] as const
  const { row, challenge } = await meetChallenge(parts, call, response.response.clientDataJSON, {
    purposes,
    handOverId,
  })
  const met = { ...row, purpose: row.purpose as (typeof purposes)[number] }
  const passkey = await queries.findPasskey(parts.db, Buffer.from(response.id, 'base64url'))
  if (!passkey) return fail(parts, call, met, undefined, 'passkey_unknown')
  const isUserKnown = met.user_id !== null
  const shown = await verifyShown(response, passkey, { challenge, config: parts.config, isUserKnown })
  if (!shown) return fail(parts, call, met, undefined, 'passkey_refused')
  // Known here, and nothing for its keeper to forget; whose it is, is not told.
  if (isUserKnown && met.user_id !== passkey.user_id) return fail(parts, call, met, undefined, 'passkey_not_yours')
  const why = isAhead(shown.counter, passkey.counter) ? whyUnusable(passkey) : 'passkey_copied'
  if (why) return fail(parts, call, met, passkey, why)
  return { met, passkey, shown }
}

/** Uses the challenge and notes the passkey, in the transaction of whoever goes on; undefined: somebody else was faster. */
export async function useShown(
  parts: Parts,
  db: Queries,
  { met, passkey, shown }: MetPasskey,
): Promise<User | undefined> {
  const now = parts.clock.now()
  if (!(await queries.useChallenge(db, met.id, now))) return undefined
  // Before their passkey, as whoever deletes an account does.
  const user = await lockUser(db, passkey.user_id)
  if (!user) return undefined
  // Gone, or used elsewhere at this very moment with a counter as high: it is begun again, and then told.
  return (await queries.notePasskeyUse(db, { id: passkey.id, ...shown }, now)) ? user : undefined
}

/** WebAuthn 3 §7.2 step 22: synced passkeys say 0 for ever; any other counts up. */
const isAhead = (counter: number, known: number) => counter > known || (counter === 0 && known === 0)

type Failed = 'passkey_unknown' | 'passkey_not_yours' | 'passkey_refused' | 'passkey_copied' | 'passkey_unconfirmed'

/** `passkey`: only where it has really signed; whoever sends what they cannot sign is not said to be its owner. */
async function fail(
  parts: Parts,
  call: Call,
  challenge: PasskeyChallenge,
  passkey: Passkey | undefined,
  reason: Failed,
): Promise<never> {
  const isFound = await parts.db.transaction(async (db) => {
    const now = parts.clock.now()
    if (!(await queries.useChallenge(db, challenge.id, now))) return false
    // From now on neither of the two opens anything: nobody knows which is its owner's.
    const isFound =
      reason === 'passkey_copied' && passkey !== undefined && (await queries.markCopied(db, passkey.id, now))
    await noteFailure(parts, db, call, { challenge, passkey, reason, isFound })
    return isFound
  })
  if (passkey && isFound) {
    const user = await findUser(parts.db, passkey.user_id)
    if (user) tellMethod(parts, call, user, { kind: 'copied', passkey: passkey.name })
  }
  throw refuse(reason)
}

interface FailedNote {
  challenge: PasskeyChallenge
  passkey: Passkey | undefined
  reason: Failed
  /** That it was copied is found out only now. */
  isFound: boolean
}

async function noteFailure(
  parts: Parts,
  db: Queries,
  call: Call,
  { challenge, passkey, reason, isFound }: FailedNote,
): Promise<void> {
  const facts = { method: 'passkey', reason, audience: challenge.audience }
  await parts.signal(db, { kind: 'sign-in.failed', subject: passkey?.user_id ?? challenge.id, facts })
  const subject = passkey ? { kind: 'user', id: passkey.user_id } : { kind: 'challenge', id: challenge.id }
  await parts.audit(db, { by: byCaller(call), action: 'sign-in.failed', subject, facts })
  if (!passkey || !isFound) return
  const copied = { passkey: passkey.id, name: passkey.name }
  await parts.signal(db, { kind: 'passkey.copied', subject: passkey.user_id, facts: { passkey: passkey.id } })
  await parts.audit(db, { by: byCaller(call), action: 'passkey.copied', subject, facts: copied })
}

import { cookieName, cookies, EXERCISE_AUDIENCE, type Session } from '../../../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE } from '../../../../ground/applications/index.ts'
import type { Database, Queries } from '../../../../platform/database/index.ts'
import type { Call } from '../../../../platform/http/index.ts'
import { newId, newSecret } from '../../../../platform/id.ts'
import type { Begin, Sessions } from '../../../sessions/index.ts'
import { newBrowser } from '../../browser.ts'
import { type Email, readEmail } from '../../email.ts'
import { openLimiter } from '../../limits/limiter.ts'
import type { Mailer } from '../../mailer.ts'
import type { Parts } from '../../parts.ts'
import { beginPasskeySignIn, finishPasskeySignIn } from '../../passkeys/index.ts'
import { insertPasskey } from '../../passkeys/queries.ts'
import { insertUser } from '../../queries.ts'
import { openReopened } from '../../reopened.ts'
import { startSignIn } from '../../start-sign-in.ts'
import { verifyCode } from '../../verify-code.ts'
import type { ExerciseKey } from './authenticator.ts'
import type { ExerciseMethod } from './exercise.ts'

/** Longer than the transaction may take, which ends first. */
const CALL_MS = 10_000

/**
 * Signs a synthetic identity in on the pool of the fall-back, by the verbs by which people sign in, and takes all of it back.
 *
 * Account, passkey, challenge and session are made in one transaction that is rolled back: no list, no count, no audit, no
 * export and no backup ever has them, and no verifier could find the session. It is in no organisation and has no role.
 */
export async function signInSynthetically(parts: Parts, method: ExerciseMethod, key: ExerciseKey): Promise<void> {
  try {
    await parts.fallback.transaction(async (db) => {
      const session = await signIn(parts, db, method, key)
      if (session.audience !== EXERCISE_AUDIENCE) throw new Error(`the session was for "${session.audience}"`)
      throw new TakenBack()
    })
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error
  }
}

/** It went well, and nothing of it stays. */
class TakenBack extends Error {}

interface Caught {
  /** Of the mail that would have been sent. */
  code: string | null
}

async function signIn(parts: Parts, db: Queries, method: ExerciseMethod, key: ExerciseKey): Promise<Session> {
  const caught: Caught = { code: null }
  const inside = within(parts, db, caught)
  const person = await makePerson(parts, db)
  const done =
    method === 'passkey' ? await byPasskey(inside, db, person.id, key) : await byCode(inside, person.email, caught)
  if (done.outcome !== 'signed-in') throw new Error(`what was right was answered "${done.outcome}"`)
  return done.signedIn.session
}

/** Nobody can have this address: RFC 6761 §6.4 keeps `.invalid` for nobody. */
async function makePerson({ clock }: Parts, db: Queries): Promise<{ id: string; email: Email }> {
  const id = newId('usr', clock.now())
  const read = readEmail(`${id}@fall-back-exercise.invalid`)
  if (read.outcome !== 'ok') throw new Error('the address of the exercise is none')
  const { email } = read
  const made = await insertUser(db, { id, email: email.address, emailKey: email.key }, clock.now())
  if (!made) throw new Error('the account of the exercise was there already')
  return { id, email }
}

async function byPasskey(parts: Parts, db: Queries, userId: string, key: ExerciseKey) {
  const { relyingPartyId: rpId, url: origin } = parts.config
  const now = parts.clock.now()
  await insertPasskey(db, {
    id: newId('psk', now),
    credential_id: key.credentialId,
    user_id: userId,
    rp_id: rpId,
    public_key: key.publicKey,
    counter: 0,
    unconfirmed_since: null,
    transports: [],
    is_multi_device: false,
    is_backed_up: false,
    name: 'Exercise',
    enrolled_by_provider: null,
    ...{ root_amr: [], root_acr: 'single', root_provider: null, root_at: now },
    created_at: now,
    last_used_at: null,
    copied_at: null,
  })
  const { call } = callOf(parts)
  const { options } = await beginPasskeySignIn(parts, call, { purpose: 'sign-in' })
  return finishPasskeySignIn(parts, call, key.show({ challenge: options.challenge, origin, rpId, userId }))
}

async function byCode(parts: Parts, email: Email, caught: Caught) {
  const { call, browserDigest } = callOf(parts)
  const challenge = await startSignIn(parts, {
    email,
    purpose: 'sign-in',
    browser: { digest: browserDigest, isNew: true },
    audience: ACCOUNT_AUDIENCE,
    returnTo: `${parts.config.url}/account`,
    device: { name: 'Exercise', address: call.address },
    pagesUrl: parts.config.url,
    language: undefined,
  })
  if (caught.code === null) throw new Error('no code was made')
  return verifyCode(parts, call, { challengeId: challenge.id, code: caught.code, browserDigest, purposes: ['sign-in'] })
}

/** What a browser on our own pages would send. */
function callOf({ config }: Parts): { call: Call; browserDigest: Buffer } {
  const isSecure = config.url.startsWith('https:')
  const bare: Call = {
    method: 'POST',
    path: '/sign-in',
    body: undefined,
    query: undefined,
    params: undefined,
    headers: { 'user-agent': 'Holdfast exercise' },
    cookies: {},
    address: '127.0.0.1',
    origin: config.url,
    isSecure,
    prefix: '',
    application: null,
    signal: AbortSignal.timeout(CALL_MS),
    actor: null,
  }
  const { cookie, digest } = newBrowser(bare)
  return {
    call: { ...bare, cookies: { [cookieName(cookies.browser, isSecure)]: cookie.value ?? newSecret() } },
    browserDigest: digest,
  }
}

/** Everything inside the one transaction, with limits of its own, and a mailbox that is read here. */
function within(parts: Parts, db: Queries, caught: Caught): Parts {
  const inside: Database = { ...db, transaction: (work) => work(db) }
  return {
    ...parts,
    db: inside,
    sessions: { ...parts.sessions, ...forNobody(parts.sessions.through(inside)) },
    limiter: openLimiter(parts.secret),
    reopened: openReopened(),
    mailer: catching(parts.mailer, caught),
  }
}

/** Whomever it is asked for: the session is one that no verifier takes. */
function forNobody({ issueWith }: Pick<Sessions, 'issueWith'>): Pick<Sessions, 'issue' | 'issueWith'> {
  const begin = <T>(call: Call, work: (db: Queries, begin: Begin) => Promise<T>) =>
    issueWith(call, EXERCISE_AUDIENCE, work)
  return {
    issueWith: (call, _audience, work) => begin(call, work),
    async issue(call, { audience: _audience, ...input }) {
      const { session, cookies: changes } = await begin(call, (_, issue) => issue(input))
      return { session: session!, cookies: changes }
    },
  }
}

/** No mail leaves: whether mail servers take mail is known from the mail that people are sent. */
const catching = (mailer: Mailer, caught: Caught): Mailer => ({
  awaySince: mailer.awaySince,
  signIn: ({ code }) => {
    caught.code = code
  },
  newDevice: () => {},
  firstAdministrator: () => {},
  notice: () => {},
  invitation: () => {},
  send: () => {},
})

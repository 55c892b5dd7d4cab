import assert from 'node:assert/strict'
import { sql } from '../../../platform/database/index.ts'
import type { Condition, Provider, Providers, Verdict } from '../../providers/index.ts'
import { organizationOf, put, staffIn, type TestPerson } from '../organizations/testing.ts'
import type { Parts } from '../parts.ts'
import { begun, ENROLMENTS, newAuthenticator, PASSKEYS } from '../passkeys/testing/rig.ts'
import { type IdentityRig, openRig, type RigOptions, seed, type TestBrowser } from '../testing.ts'
import { type FailOverPolicy, type SignInPolicy, USUAL } from './policy.ts'
import { providersThere, testProvider } from './readiness/testing.ts'

export const DAY_MS = 24 * 3_600_000
export const ACME = testProvider({ id: 'prv_acme', name: 'Acme ID', domains: ['acme.test'] })
export const OTHER = testProvider({ id: 'prv_other', name: 'Other ID', issuer: 'https://other.example/' })

export const FAIL_OVER: FailOverPolicy = {
  ways: ['passkey', 'email'],
  seen_within_days: 30,
  session_minutes: 480,
  unknown_opens: false,
}
/** SSO, and in an outage a passkey or a code. */
export const LAX: SignInPolicy = { ...USUAL, provider_id: ACME.id, ordinary: ['provider'], fail_over: FAIL_OVER }
/** SSO only: in an outage a passkey of a session of the provider. */
export const STRICT: SignInPolicy = { ...LAX, demands: 'provider', fail_over: { ...FAIL_OVER, ways: ['passkey'] } }

/** Providers that are up or down as a test says: what the judge makes of evidence is tested where it is. */
export function openWorld(all: readonly Provider[] = [ACME, OTHER]) {
  const verdicts = new Map<string, Verdict>()
  const withdrawn = new Set<string>()
  const providers: Providers = {
    ...providersThere(all),
    ofDomain: (domain) => all.find(({ domains }) => domains.includes(domain)),
    ownerOf: (domain) => all.find(({ domains }) => domains.includes(domain))?.id,
    verdictIn: async (_db, id) => (withdrawn.has(id) ? undefined : verdicts.get(id)),
    conditionIn: async (_db, id) => (withdrawn.has(id) ? 'withdrawn' : conditionOf(verdicts.get(id))),
    verdictOf: (id) => verdicts.get(id),
  }
  const say = (now: Date, changes: Partial<Verdict>, id = ACME.id) => {
    const epoch = (verdicts.get(id)?.epoch ?? 0) + 1
    const why = { sentence: '', faults: [], processes: { saw: 1, live: 1 }, is_control_good: true }
    const plain = {
      closed_at: null,
      decided_at: now,
      decided_by: 'holdfast',
      why,
      ordered_at: null,
      ordered_until: null,
    }
    const unordered = { ordered: null, ordered_reason: null, ordered_by: null }
    verdicts.set(id, {
      provider_id: id,
      epoch,
      since: now,
      open_since: null,
      state: 'healthy',
      ...plain,
      ...unordered,
      ...changes,
    })
  }
  return { providers, verdicts, withdrawn, say }
}

const conditionOf = (verdict: Verdict | undefined): Condition =>
  verdict?.state === 'healthy' && verdict.ordered !== 'open' ? 'well' : 'troubled'

export interface FailOverRig extends AsyncDisposable {
  rig: IdentityRig
  parts: Parts
  staff: TestPerson
  organizationId: string
  down(id?: string): void
  up(id?: string): void
  suspect(): void
  say(changes: Partial<Verdict>): void
  /** Switched off, or on again. */
  offer(isOffered: boolean): void
}

/** An organisation with a policy, and a provider that can go down. */
export async function openFailOver(policy: SignInPolicy = LAX, options: RigOptions = {}): Promise<FailOverRig> {
  const world = openWorld()
  let parts: Parts | undefined
  const rig = await openRig({
    ...options,
    providers: world.providers,
    routes: (given) => {
      parts = given
      return []
    },
  })
  const staff = await staffIn(rig)
  const organizationId = await organizationOf(staff, 'Acme Labs')
  if (policy !== USUAL) {
    const saved = await staff.ask('PUT', `/v1/organizations/${organizationId}/sign-in-policy`, {
      ...{ policy, reason: null, epoch: 0 },
    })
    assert.equal(saved.status, 200, saved.text)
  }
  const now = () => rig.clock.now()
  return {
    ...{ rig, parts: parts!, staff, organizationId },
    down: (id) => world.say(now(), { state: 'down', open_since: now() }, id),
    up: (id) => world.say(now(), { state: 'healthy', closed_at: now() }, id),
    suspect: () => world.say(now(), { state: 'suspect' }),
    say: (changes) => world.say(now(), changes),
    offer: (isOffered) => void (isOffered ? world.withdrawn.delete(ACME.id) : world.withdrawn.add(ACME.id)),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  }
}

export interface Worker {
  organizationId?: string | null
  roles?: string[]
  /** When they last came through the provider; null: never. */
  seenDaysAgo?: number | null
  providerId?: string
  /** How old the account and its address are. */
  addressDays?: number
}

/** Somebody who has worked there for a while, as their sign-ins through the provider have left them. */
export async function workerIn(
  { rig, organizationId }: FailOverRig,
  email: string,
  worker: Worker = {},
): Promise<string> {
  const { roles = ['member'], seenDaysAgo = 2, providerId = ACME.id, addressDays = 200 } = worker
  const id = await seed(rig, email)
  const ago = (days: number) => new Date(rig.clock.now().getTime() - days * DAY_MS)
  await rig.db.run(sql`
    update identity.user
       set created_at = ${ago(addressDays)}, email_proved_at = ${ago(addressDays)}
     where id = ${id}`)
  if (seenDaysAgo !== null) {
    await rig.db.run(sql`
      insert into identity.linked_identity (id, user_id, provider_id, issuer, subject, is_email_verified, linked_at,
                                            last_proved_at)
      values (${`lid_${id}`}, ${id}, ${providerId}, ${`https://${providerId}.example/`}, ${id}, true,
              ${ago(addressDays)}, ${ago(seenDaysAgo)})`)
  }
  const { organizationId: where = organizationId } = worker
  if (where !== null) await put(rig, where, id, roles)
  return id
}

/** Signed in through the provider: what the callback ends with, without the way to it. */
export async function throughProvider(
  { rig, parts }: FailOverRig,
  browser: TestBrowser,
  email: string,
  providerId = ACME.id,
  acr: 'single' | 'multiple' = 'single',
) {
  // The page of the code is left out: the session is begun as the callback does, and its cookies are put into the browser.
  const { findUserByEmail } = await import('../queries.ts')
  const { completeBy } = await import('../complete-sign-in.ts')
  const user = (await findUserByEmail(rig.db, email))!
  const browserDigest = Buffer.alloc(32, 1)
  const call = callOf(browser)
  const challenge = {
    ...{ id: 'pch_test', purpose: 'sign-in' as const, audience: 'account', browser_digest: browserDigest },
    created_at: rig.clock.now(),
  }
  const proof = { amr: ['fed'], acr, provenBy: providerId }
  const done = await completeBy(parts, call, { challenge, method: 'provider', proof }, async () => ({
    ...{ user, isKnownBrowser: true },
  }))
  assert.equal(done.outcome, 'signed-in')
  if (done.outcome !== 'signed-in') throw new Error('not signed in')
  for (const { name, value } of done.signedIn.cookies) if (value !== null) browser.jar.set(name, value)
  return done.signedIn.session
}

function callOf(browser: TestBrowser) {
  return {
    ...{ method: 'GET', path: '/sign-in/callback/prv_x', body: undefined, query: {}, params: {}, actor: null },
    headers: { ...browser.headers, cookie: [...browser.jar].map((pair) => pair.join('=')).join('; ') },
    cookies: Object.fromEntries(browser.jar),
    ...{ address: '192.0.2.7', origin: 'http://localhost:4000', isSecure: false, prefix: '', application: null },
    signal: new AbortController().signal,
  }
}

/** Enrols a passkey in the session of this browser. */
export async function enrolIn(browser: TestBrowser) {
  const authenticator = newAuthenticator('synced')
  const response = authenticator.make(await begun(browser, ENROLMENTS))
  const made = await browser.post(PASSKEYS, { name: 'Phone', response })
  assert.equal(made.status, 201, made.text)
  return authenticator
}

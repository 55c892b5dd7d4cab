import { byCaller } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import type { ProvenIdentity, Provider } from '../../providers/index.ts'
import { lockUser } from '../accounts/queries.ts'
import { completeBy, type SignInCompleted } from '../complete-sign-in.ts'
import { type Email, readEmail } from '../email.ts'
import { cameBy } from '../fail-over/decide-entry.ts'
import type { Parts } from '../parts.ts'
import { findEntrant, isKnownBrowser } from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { User } from '../user.ts'
import { ARRIVAL_LIFE_MS, sealIdentity } from './arrival.ts'
import type { ProviderChallenge } from './departure.ts'
import { linkIdentity, noteProved } from './link-identity.ts'
import { profileOf } from './linked-identity.ts'
import { proofOf } from './proof.ts'
import * as queries from './queries.ts'

/** What a session takes over from somebody's way to a provider and back. */
export type Left = ProviderChallenge & { purpose: 'sign-in' | 'step-up' }

export interface Proved {
  challenge: Left
  provider: Provider
  identity: ProvenIdentity
}

export type EnteredByProvider =
  | SignInCompleted<Left>
  /** Nobody is known by this identity: an address has to be proven first, this one or one that is asked for. */
  | { outcome: 'arrived'; arrivalId: string; email: Email | null }

/**
 * Signs in whoever was proven to be this identity. By issuer and subject alone: an equal address opens nobody's account.
 *
 * Somebody new gets an account at once where the provider is trusted for the address and it is of a domain of its own; in all other
 * cases the address is proven by a code first, and the page does not tell whether it has an account.
 */
export async function enterByProvider(parts: Parts, call: Call, proved: Proved): Promise<EnteredByProvider> {
  const { identity, provider } = proved
  const known = await enterAsKnown(parts, call, proved)
  if (known) return known
  const email = emailOf(identity)
  if (email && isAsserted(parts, { identity, provider, email })) {
    const made = await enterAsNew(parts, call, { ...proved, email })
    if (made) return made
  }
  return { outcome: 'arrived', arrivalId: await arrive(parts, proved), email }
}

/** Undefined: nobody is linked to it. */
async function enterAsKnown(
  parts: Parts,
  call: Call,
  { challenge, provider, identity }: Proved,
): Promise<SignInCompleted<Left> | undefined> {
  const linked = await queries.findLinked(parts.db, identity)
  if (!linked) return undefined
  // A step-up is for whoever is signed in: somebody else is not let in by it, nor told who they are.
  if (challenge.user_id !== null && challenge.user_id !== linked.user_id) throw refuse('provider_other_person')
  const proof = proofOf(provider, identity, parts.clock.now())
  return completeBy(parts, call, { challenge, method: 'provider', proof }, async (db) => {
    // Before their link, as whoever deletes an account does.
    const user = await lockUser(db, linked.user_id)
    if (!user || !(await noteProved(parts, db, linked, identity))) return undefined
    await noteAssertion(parts, db, { user, provider, identity })
    return { user, isKnownBrowser: await isKnownBrowser(db, user.id, challenge.browser_digest) }
  })
}

/** What an address is worth in an outage is told by who vouches for it. */
async function noteAssertion(
  parts: Parts,
  db: Queries,
  { user, provider, identity }: { user: User; provider: Provider; identity: ProvenIdentity },
): Promise<void> {
  const email = emailOf(identity)
  if (!email || email.key !== user.email.toLowerCase() || !isAsserted(parts, { identity, provider, email })) return
  await queries.noteAsserted(db, { userId: user.id, emailKey: email.key, by: provider.id }, await parts.sharedNow(db))
}

/** Undefined: the address has an account, which has to be proven first. */
async function enterAsNew(
  parts: Parts,
  call: Call,
  { challenge, provider, identity, email }: Proved & { email: Email },
): Promise<SignInCompleted<Left> | undefined> {
  if (challenge.purpose === 'step-up') throw refuse('provider_other_person')
  const { browser_digest: browserDigest } = challenge
  const proof = proofOf(provider, identity, parts.clock.now())
  try {
    return await completeBy(parts, call, { challenge, method: 'provider', proof }, async (db) => {
      const now = parts.clock.now()
      const { user: held, is_reserved } = await findEntrant(db, email.key, browserDigest, now)
      if (held) throw new HasAccount()
      if (is_reserved) throw refuse('address_moved')
      await assertMayBeMade(parts, db, email, now)
      const user = await makeUser(parts, db, call, { challenge, provider, identity, email })
      await linkIdentity(parts, db, call, {
        userId: user.id,
        identity,
        shownBy: 'provider',
        came: cameBy('provider', proof),
      })
      return { user, isNewAccount: true, isKnownBrowser: false }
    })
  } catch (error) {
    if (!(error instanceof HasAccount)) throw error
    // Their other tab was faster, or the address is somebody's.
    return enterAsKnown(parts, call, { challenge, provider, identity })
  }
}

/** Nothing of this is kept. */
class HasAccount extends Error {}

/** Nobody else is told by it: the provider has just proven the address. */
async function assertMayBeMade(parts: Parts, db: Queries, { key }: Email, now: Date): Promise<void> {
  if (parts.config.signUp === 'open') return
  if (!(await queries.isInvitedTo(db, key, now))) throw refuse('sign_up_closed')
}

async function makeUser(
  parts: Parts,
  db: Queries,
  call: Call,
  { challenge, provider, identity, email }: Proved & { email: Email },
): Promise<User> {
  const made = {
    id: newId('usr', parts.clock.now()),
    email: email.address,
    emailKey: email.key,
    ...profileOf(identity),
  }
  const user = await queries.insertAssertedUser(db, { ...made, by: provider.id }, await parts.sharedNow(db))
  if (!user) throw new HasAccount()
  const facts = { audience: challenge.audience, provider: provider.id }
  await parts.signal(db, { kind: 'user.created', subject: user.id, facts })
  const subject = { kind: 'user', id: user.id }
  await parts.audit(db, { by: byCaller(call, user.id), action: 'user.created', subject, facts })
  return user
}

/** Kept until an address is proven, in this browser. */
async function arrive(parts: Parts, { challenge, identity }: Proved): Promise<string> {
  if (challenge.purpose === 'step-up') throw refuse('provider_other_person')
  const now = parts.clock.now()
  const id = newId('arr', now)
  await queries.putArrival(parts.db, {
    id,
    browser_digest: challenge.browser_digest,
    provider_id: identity.provider_id,
    identity_sealed: sealIdentity(parts.secret, identity),
    audience: challenge.audience,
    return_to: challenge.return_to,
    created_at: now,
    expires_at: new Date(now.getTime() + ARRIVAL_LIFE_MS),
    used_at: null,
  })
  return id
}

/** Null: it said none, or one that no mail can be sent to. */
export function emailOf({ email }: ProvenIdentity): Email | null {
  const read = readEmail(email ?? '')
  return read.outcome === 'ok' ? read.email : null
}

/** Whose mailboxes are Google's own. */
const GMAIL = ['gmail.com', 'googlemail.com']

/**
 * Whether the provider's word for an address is taken: only where it is trusted for that, called the address verified, and the
 * mailboxes of the domain are its people's. That is said by its settings, enabled or not; of Google's by Google itself
 * (`hd`), for everybody can have an account there under an address that they once had.
 */
export function isAsserted(
  { providers }: Pick<Parts, 'providers'>,
  { identity, provider, email }: { identity: ProvenIdentity; provider: Provider; email: Email },
): boolean {
  if (!provider.trusts_email || !identity.is_email_verified) return false
  const domain = email.key.slice(email.key.indexOf('@') + 1)
  const owner = providers.ownerOf(domain)
  if (owner !== undefined) return owner === provider.id
  return provider.preset === 'google' && (GMAIL.includes(domain) || identity.hosted_domain === domain)
}

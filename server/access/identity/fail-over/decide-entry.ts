import type { Queries } from '../../../platform/database/index.ts'
import type { Refusal } from '../../../platform/refusal.ts'
import type { Provider } from '../../providers/index.ts'
import { lockUser } from '../accounts/queries.ts'
import type { Proof, SignInMethod } from '../complete-sign-in.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import {
  type Belonging,
  type Came,
  type Enrolled,
  type Entry,
  type FailOverFacts,
  mayEnter,
  needsFacts,
} from './may-enter.ts'
import { type SignInPolicy, USUAL } from './policy.ts'
import * as queries from './queries.ts'

/** What the policies of somebody's organisations make of their sign-in. */
export interface Decision extends Entry {
  came: Came
  refusal: Refusal | undefined
}

const WAYS: Record<SignInMethod, Came['way']> = {
  code: 'email',
  link: 'email',
  passkey: 'passkey',
  'recovery-code': 'recovery',
  'break-glass': 'recovery',
  provider: 'provider',
}

/** What was proved, as the rule of fail-over asks for it. Whoever came from a provider and then proved an address came from it. */
export function cameBy(
  method: SignInMethod,
  { acr, provenBy }: Pick<Proof, 'acr' | 'provenBy'>,
  passkey: Enrolled | null = null,
): Came {
  const way = provenBy === undefined ? WAYS[method] : 'provider'
  return { way, acr, provenBy: provenBy ?? null, passkey }
}

/** Without the feature: what audit and signals say. */
export const codeOf = ({ code }: Refusal) => code.slice(code.indexOf('.') + 1)

/**
 * Judges a sign-in by the policies of the person's organisations, in the transaction that completes it: the verdict of a
 * provider is read from its row there, and no process acts on what it believes itself. Undefined: nobody has a policy for
 * them, and they sign in as ever.
 */
export async function decideEntry(
  parts: Parts,
  db: Queries,
  { userId, came }: { userId: string; came: Came },
): Promise<Decision | undefined> {
  const belongings = await belongingsOf(parts, db, userId)
  if (!belongings) return undefined
  const facts = needsFacts(came, belongings) ? await factsOf(parts, db, userId, belongings) : undefined
  const entry = mayEnter(came, belongings, facts)
  if (!entry.isRefused) return { ...entry, came, refusal: undefined }
  // Whoever has come to the last way out is not told of ways that they have just said they lost.
  const refusal = came.way === 'recovery' ? refuse('recovery_not_taken') : refusalOf(parts, entry, belongings)
  return { ...entry, came, refusal }
}

/** In the order in which a sign-in chooses. Undefined: none of them has said anything. */
export async function belongingsOf(parts: Parts, db: Queries, userId: string): Promise<Belonging[] | undefined> {
  const memberships = await parts.tenants.membershipsOf(db, userId)
  const inOrder = [...memberships].sort(byLastUse)
  const kept = await queries.policiesOf(
    db,
    inOrder.map(({ organization_id }) => organization_id),
  )
  if (kept.length === 0) return undefined
  const policies = new Map(kept.map((each) => [each.organization_id, each]))
  return inOrder.map(({ organization_id: id, created_at: joinedAt }) => belongingTo(id, policies.get(id), joinedAt))
}

/**
 * An organisation that demands something, and somebody in it since then or later. Without a provider there is nothing but a
 * mailbox by which whoever joins could be known, and a passkey that they had by then is taken: otherwise nobody could begin.
 */
export function belongingTo(organizationId: string, kept: Demanding | undefined, joinedAt: Date): Belonging {
  if (!kept) return { organizationId, policy: USUAL, undemandedBefore: joinedAt }
  const { policy, demanded_since: since } = kept
  const isJoinedLater = policy.provider_id === null && joinedAt > since
  const undemandedBefore = isJoinedLater ? joinedAt : since
  return { organizationId, policy, undemandedBefore, demandedBefore: demandedBefore(kept) }
}

type Demanding = Pick<queries.KeptPolicy, 'policy' | 'demanded_since' | 'demanded_provider' | 'demanded_provider_until'>

const demandedBefore = ({ demanded_provider: provider, demanded_provider_until: until }: Demanding) =>
  provider !== null && until !== null ? { provider, until } : null

/** As `standingAtSignIn`: the last used first, then the oldest. */
function byLastUse(one: { id: string; last_used_at: Date | null }, other: typeof one): number {
  const [first, second] = [one, other].map((each) => each.last_used_at?.getTime() ?? Number.NEGATIVE_INFINITY)
  return first === second ? (one.id < other.id ? -1 : 1) : first! > second! ? -1 : 1
}

/** Asked in one turn, and held: whom an administrator closes out at this very moment does not slip by. */
export async function factsOf(
  parts: Parts,
  db: Queries,
  userId: string,
  belongings: readonly Belonging[],
): Promise<FailOverFacts> {
  const providerIds = [...new Set(belongings.flatMap(({ policy }) => providerOf(policy)))]
  // The person before their links, as whoever closes one takes them.
  await lockUser(db, userId)
  const [links, address, now, ...verdicts] = await Promise.all([
    queries.holdLinks(db, userId),
    queries.addressOf(db, userId),
    // Whether an order still holds is for no process to say by its own clock.
    parts.sharedNow(db),
    ...providerIds.map((id) => parts.providers.verdictIn(db, id)),
  ])
  if (!address) throw new Error('whoever signs in has an account')
  const byProvider = new Map(providerIds.map((id, index) => [id, verdicts[index]]))
  return factsFrom(parts, { links, address, verdicts: byProvider, now })
}

/** What was read, as the rule asks for it. */
export function factsFrom(
  { providers }: Pick<Parts, 'providers'>,
  read: Pick<FailOverFacts, 'links' | 'verdicts' | 'now'> & { address: queries.AddressProof },
): FailOverFacts {
  const { asserted_by: by, ...address } = read.address
  const assertion = assertionOf(by === null ? undefined : providers.find(by), address.asserted_at)
  return { links: read.links, verdicts: read.verdicts, address: { ...address, ...assertion }, now: read.now }
}

/** One whose provider was trusted later counts as if it was made a day after that: never in the outage in which it was trusted. */
export function assertionOf(
  provider: Pick<Provider, 'trusts_email' | 'email_counts_from'> | undefined,
  assertedAt: Date | null,
): Pick<FailOverFacts['address'], 'asserted_at' | 'isAssertionTrusted'> {
  const from = provider?.email_counts_from ?? null
  const isLater = from !== null && assertedAt !== null && from > assertedAt
  return { asserted_at: isLater ? from : assertedAt, isAssertionTrusted: provider?.trusts_email === true }
}

const providerOf = ({ provider_id, fail_over }: SignInPolicy) => (provider_id && fail_over ? [provider_id] : [])

/** Said to whoever has proved who they are, and to nobody else. */
export function refusalOf(parts: Parts, entry: Entry, belongings: readonly Belonging[]): Refusal {
  const [{ policy } = { policy: USUAL }] = belongings
  const provider = nameOf(parts, policy.provider_id)
  if (entry.refused.length > 0) return refuse('not_in_fail_over', { provider })
  if (policy.demands === 'provider' || (policy.provider_id && policy.ordinary.every((way) => way === 'provider'))) {
    return refuse('provider_demanded', { provider })
  }
  return refuse('way_not_taken', {
    ways: policy.ordinary.map((way) => (way === 'provider' ? provider : way)).join(', '),
  })
}

export const nameOf = (parts: Pick<Parts, 'providers'>, id: string | null) =>
  (id === null ? undefined : parts.providers.find(id)?.name) ?? 'the identity provider'

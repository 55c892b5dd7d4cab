import { isOpen, openedAt, type Verdict } from '../../providers/index.ts'
import type { FailOverPolicy, FallBackWay, SignInPolicy } from './policy.ts'

/** How somebody has just proved who they are. */
export interface Came {
  /** A recovery code stands for the passkey that was lost, on ordinary days alone. */
  way: 'provider' | 'passkey' | 'email' | 'recovery'
  acr: 'single' | 'multiple'
  /** The provider that vouched for them; null: none did. */
  provenBy: string | null
  /** The one that was shown; null: none was, or nobody knows which. */
  passkey: Enrolled | null
}

/** How a passkey came to be somebody's. */
export interface Enrolled {
  at: Date
  /** Through which provider the session had come in which it was enrolled; null: through none. */
  byProvider: string | null
  root: Root
}

/**
 * What the person had shown when it was enrolled. Of one that was enrolled by another passkey it is what had been shown for that
 * one: a key that a mailbox made is worth a mailbox, and so is whatever it makes.
 */
export interface Root {
  acr: 'single' | 'multiple'
  provenBy: string | null
  at: Date
}

/** An organisation that they are in, and how its people sign in. */
export interface Belonging {
  organizationId: string
  policy: SignInPolicy
  /** What was enrolled before was enrolled when nothing was demanded of this person here yet, and is taken for a second factor. */
  undemandedBefore: Date
  /** The provider that was demanded before a second factor, and until when: what was enrolled through it had shown all of that. */
  demandedBefore?: { provider: string; until: Date } | null
}

export interface Link {
  provider_id: string
  /** The last validated id_token of ours. */
  last_proved_at: Date
  closed_at: Date | null
}

export interface Address {
  /** Since when it has been the address of the account. */
  since: Date
  /** When Holdfast itself proved it, by a code or a link. */
  proved_at: Date | null
  asserted_at: Date | null
  /** Whether whoever asserted it is trusted for addresses. */
  isAssertionTrusted: boolean
}

/** What is asked only when some organisation does not take the way in which they came and allows another. */
export interface FailOverFacts {
  links: readonly Link[]
  address: Address
  verdicts: ReadonlyMap<string, Verdict | undefined>
  now: Date
}

/** Why fail-over does not let somebody in although it is open. Stable: figures and audit name them. */
export const refusedBecause = [
  'way_not_allowed',
  'weaker_than_demanded',
  'not_linked',
  'closed',
  'not_seen_lately',
  'address_not_proven',
  'address_too_new',
  'passkey_too_new',
] as const
export type RefusedBecause = (typeof refusedBecause)[number]

type Judged =
  | { standing: 'ordinary' }
  | { standing: 'fail-over'; providerId: string; minutes: number; epoch: number }
  /** `null`: nothing is open, it is an ordinary day. */
  | { standing: 'refused'; because: RefusedBecause | null }

export interface Entry {
  /** Those that this sign-in may act for, in the order given; the first is the one to act for. */
  organizationIds: string[]
  /** Set where the first of them is entered because its provider is down. */
  failOver: { providerId: string; organizationId: string; minutes: number; epoch: number } | null
  /** Open, and refused all the same: to be counted. */
  refused: { organizationId: string; because: RefusedBecause }[]
  /** They are in organisations, and none of them takes this. */
  isRefused: boolean
}

const DAY_MS = 24 * 60 * 60_000

/**
 * Which organisations take the way in which somebody came. Pure; the property tests say what it never does: let anybody in by
 * less than is demanded, without a link to the provider, past a closed link, or while no verdict is open.
 *
 * Whoever is in no organisation is bound by nobody's policy. `facts` may be left out where `needsFacts` says so.
 */
export function mayEnter(came: Came, belongings: readonly Belonging[], facts?: FailOverFacts): Entry {
  const judged = belongings.map((belonging) => ({
    organizationId: belonging.organizationId,
    ...judge(came, belonging, facts),
  }))
  const first = judged.find(({ standing }) => standing !== 'refused')
  const failOver = first?.standing === 'fail-over' ? pick(first.organizationId, first, judged) : null
  const isTaken = (each: (typeof judged)[number]) =>
    each.standing === 'ordinary' || (each.standing === 'fail-over' && each.providerId === failOver?.providerId)
  return {
    organizationIds: judged.filter(isTaken).map(({ organizationId }) => organizationId),
    failOver,
    refused: judged.flatMap(({ organizationId, ...each }) =>
      each.standing === 'refused' && each.because ? [{ organizationId, because: each.because }] : [],
    ),
    isRefused: belongings.length > 0 && !first,
  }
}

/** One session acts for all that its provider's fail-over opens, and lives as long as the strictest of them allows. */
function pick(
  organizationId: string,
  { providerId, epoch }: Judged & { standing: 'fail-over' },
  all: readonly Judged[],
) {
  const minutes = all.flatMap((each) =>
    each.standing === 'fail-over' && each.providerId === providerId ? [each.minutes] : [],
  )
  return { providerId, organizationId, epoch, minutes: Math.min(...minutes) }
}

/** Whether anything has to be asked of providers and links at all: an ordinary sign-in asks nothing of them. */
export const needsFacts = (came: Came, belongings: readonly Belonging[]): boolean =>
  belongings.some((belonging) => belonging.policy.fail_over !== null && !isOrdinary(came, belonging))

/** On an ordinary day. */
export function isOrdinary(came: Came, belonging: Belonging): boolean {
  const { ordinary, demands, provider_id: providerId } = belonging.policy
  const isTheirs = came.way === 'provider' && (providerId === null || came.provenBy === providerId)
  if (demands === 'provider') return isTheirs && providerId !== null
  if (demands === 'second-factor' && !isSecondFactor(came, belonging)) return false
  if (came.way === 'provider') return isTheirs && ordinary.includes('provider')
  return ordinary.includes(came.way === 'recovery' ? 'passkey' : came.way)
}

/** A passkey counts for no more than what whoever enrolled it had shown: a mailbox that makes itself a key is still a mailbox. */
function isSecondFactor(came: Came, belonging: Belonging): boolean {
  if (came.acr !== 'multiple' || came.way === 'email') return false
  return came.way !== 'passkey' || (came.passkey !== null && isWellRooted(came.passkey.root, belonging))
}

/** The organisation would have let in whoever stood at the beginning, or asked nothing of them at that time. */
function isWellRooted({ acr, provenBy, at }: Root, belonging: Belonging): boolean {
  const { undemandedBefore, demandedBefore: before } = belonging
  if (at < undemandedBefore || (before && provenBy === before.provider && at < before.until)) return true
  return isOrdinary({ way: provenBy === null ? 'email' : 'provider', acr, provenBy, passkey: null }, belonging)
}

function judge(came: Came, belonging: Belonging, facts: FailOverFacts | undefined): Judged {
  if (isOrdinary(came, belonging)) return { standing: 'ordinary' }
  const { policy } = belonging
  const { fail_over: failOver, provider_id: providerId } = policy
  if (!facts || !failOver || providerId === null || came.way === 'provider')
    return { standing: 'refused', because: null }
  const verdict = facts.verdicts.get(providerId)
  if (!verdict || !isOpen(verdict, { now: facts.now, unknownOpens: failOver.unknown_opens })) {
    return { standing: 'refused', because: null }
  }
  const because = whyNot(came, { belonging, failOver, providerId, openSince: openedAt(verdict, facts.now) }, facts)
  if (because) return { standing: 'refused', because }
  return { standing: 'fail-over', providerId, minutes: failOver.session_minutes, epoch: verdict.epoch }
}

interface Opened {
  belonging: Belonging
  failOver: FailOverPolicy
  providerId: string
  openSince: Date
}

function whyNot(came: Came, opened: Opened, facts: FailOverFacts): RefusedBecause | undefined {
  const { failOver } = opened
  if (came.way === 'recovery' || !failOver.ways.includes(came.way as FallBackWay)) return 'way_not_allowed'
  if (isWeaker(came, opened)) return 'weaker_than_demanded'
  return (
    whyNotLinked(opened, facts) ?? (came.way === 'email' ? whyNotAddress(opened, facts) : whyNotPasskey(came, opened))
  )
}

/** As an address: who brought the outage about, or waited for it, must not have made their key in it. */
const whyNotPasskey = ({ passkey }: Came, { openSince }: Opened): RefusedBecause | undefined =>
  passkey !== null && passkey.at < openSince ? undefined : 'passkey_too_new'

/** The demand is the floor: fail-over takes another way and never a weaker one. */
function isWeaker(came: Came, { belonging, providerId }: Opened): boolean {
  const { demands } = belonging.policy
  if (demands === 'provider') return came.way !== 'passkey' || came.passkey?.byProvider !== providerId
  return demands === 'second-factor' && !isSecondFactor(came, belonging)
}

/** Somebody who left the company must not come back through its outage: sign-in.md §4.3, (b) and (c). */
function whyNotLinked({ providerId, failOver }: Opened, { links, now }: FailOverFacts): RefusedBecause | undefined {
  const theirs = links.filter(({ provider_id }) => provider_id === providerId)
  if (theirs.length === 0) return 'not_linked'
  // One that was closed closes them all: a second account at the same provider is no way round it.
  if (theirs.some(({ closed_at }) => closed_at !== null)) return 'closed'
  const since = now.getTime() - failOver.seen_within_days * DAY_MS
  return theirs.some(({ last_proved_at }) => last_proved_at.getTime() > since) ? undefined : 'not_seen_lately'
}

/** Whoever brought the outage about, or waited for it, must not have brought their mailbox along. */
function whyNotAddress({ openSince, failOver }: Opened, { address }: FailOverFacts): RefusedBecause | undefined {
  // Either is enough: whoever types their first code in an outage had an asserted address before it.
  const proofs = [address.proved_at, address.isAssertionTrusted ? address.asserted_at : null]
  if (!proofs.some((at) => at !== null && at < openSince)) return 'address_not_proven'
  const unchangedMs = openSince.getTime() - address.since.getTime()
  return unchangedMs >= failOver.seen_within_days * DAY_MS ? undefined : 'address_too_new'
}

import type { Verdict } from '../../../providers/index.ts'
import {
  type Address,
  type Belonging,
  type Came,
  type Enrolled,
  type Link,
  mayEnter,
  type RefusedBecause,
} from '../may-enter.ts'
import type { Mailbox } from './mail-vendor.ts'
import { abilities, type Standing, type WhyNot } from './readiness.ts'

/** Somebody who comes through a provider, as far as it matters when that is down. */
export interface Prospect {
  /** Those that work here. */
  passkeys: readonly Enrolled[]
  links: readonly Link[]
  address: Address
  /** Providers other than this one through which they may come, and whether what they say of factors is believed. */
  others: readonly { id: string; trustsFactors: boolean }[]
  mailbox: Mailbox
}

type Refused = RefusedBecause | 'no_way'
/** Undefined: they would get in. */
type Try = (came: Pick<Came, 'way'> & Partial<Came>) => Refused | undefined

/**
 * How somebody could sign in on behalf of an organisation, if the provider died now: what a sign-in itself asks, about one that
 * has not happened. Pure.
 */
export function judgePerson(
  belonging: Omit<Belonging, 'organizationId'>,
  person: Prospect,
  { providerId, now }: { providerId: string; now: Date },
): Standing {
  const attempt = attempting(belonging, person, { providerId, now })
  const byPasskey = passkeyOf(attempt, person, { providerId, isOfProvider: belonging.policy.demands === 'provider' })
  if (byPasskey === undefined) return { able: 'passkey', why: null }
  if (hasOther(attempt, person)) return { able: 'provider', why: 'other_provider' }
  const byMail = attempt({ way: 'email' })
  if (byMail === undefined) return mailboxOf(person)
  // A mail that is out of the question says less than what is missing for a passkey.
  const isNever = byMail === 'no_way' || byMail === 'way_not_allowed' || byMail === 'weaker_than_demanded'
  return no(isNever ? byPasskey : said(byMail))
}

function attempting(
  belonging: Omit<Belonging, 'organizationId'>,
  { links, address }: Prospect,
  { providerId, now }: { providerId: string; now: Date },
): Try {
  const facts = { links, address, now, verdicts: new Map([[providerId, deadSince(providerId, now)]]) }
  return (came) => {
    const whole = { acr: 'single', provenBy: null, passkey: null, ...came } as const
    const { isRefused, refused } = mayEnter(whole, [{ organizationId: 'org', ...belonging }], facts)
    return isRefused ? (refused[0]?.because ?? 'no_way') : undefined
  }
}

/** Undefined: by passkey. */
function passkeyOf(
  attempt: Try,
  { passkeys }: Prospect,
  { providerId, isOfProvider }: { providerId: string; isOfProvider: boolean },
): WhyNot | undefined {
  const show = (passkey: Enrolled) => attempt({ way: 'passkey', acr: 'multiple', passkey })
  if (passkeys.some((each) => show(each) === undefined)) return undefined
  const why = show(bestOfAll(providerId))
  if (why !== undefined) return said(why)
  if (passkeys.length === 0) return 'no_passkey'
  return isOfProvider ? 'passkey_not_of_provider' : 'passkey_too_weak'
}

const EVER = new Date(0)
/** Enrolled long ago, within a session of the provider in which it had asked for two factors. */
const bestOfAll = (providerId: string): Enrolled => ({
  at: EVER,
  byProvider: providerId,
  root: { acr: 'multiple', provenBy: providerId, at: EVER },
})

const hasOther = (attempt: Try, { others }: Prospect) =>
  others.some(
    ({ id, trustsFactors }) =>
      attempt({ way: 'provider', provenBy: id, acr: trustsFactors ? 'multiple' : 'single' }) === undefined,
  )

function mailboxOf({ mailbox }: Prospect): Standing {
  switch (mailbox) {
    case 'elsewhere':
      return { able: 'email', why: 'email_only' }
    case 'unknown':
      return { able: 'unknown', why: 'mail_host_unknown' }
    case 'at-vendor':
      return no('mailbox_at_vendor')
    case 'nowhere':
      return no('no_mailbox')
  }
}

function said(because: Refused): WhyNot {
  switch (because) {
    case 'way_not_allowed':
    case 'weaker_than_demanded':
    case 'not_linked':
    case 'passkey_too_new':
      return 'no_way'
    default:
      return because
  }
}

/** Somebody in several organisations is let in by the best of them. */
export function bestOf(standings: readonly Standing[]): Standing | undefined {
  return standings.toSorted((one, other) => abilities.indexOf(one.able) - abilities.indexOf(other.able))[0]
}

const no = (why: WhyNot): Standing => ({ able: 'no', why })

/** What would be held of a provider that died at this moment; whatever there is was there before. */
const deadSince = (providerId: string, now: Date): Verdict => ({
  provider_id: providerId,
  epoch: 0,
  state: 'down',
  since: now,
  open_since: new Date(now.getTime() + 1),
  closed_at: null,
  decided_at: now,
  decided_by: 'holdfast',
  why: { sentence: '', faults: [], processes: { saw: 0, live: 0 }, is_control_good: null },
  ordered: null,
  ordered_reason: null,
  ordered_by: null,
  ordered_at: null,
  ordered_until: null,
})

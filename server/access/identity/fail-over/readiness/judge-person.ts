import type { FallBackWay, SignInPolicy } from '../policy.ts'
import type { Mailbox } from './mail-vendor.ts'
import { abilities, type Standing, type WhyNot } from './readiness.ts'

/** Somebody who comes through a provider, as far as it matters when that is down. */
export interface Prospect {
  /** For each usable passkey, through which provider it was enrolled; null: through none. */
  passkeys: readonly (string | null)[]
  /** Their last validated id_token. */
  lastProvedAt: Date
  /** Providers other than this one through which they may come, and whether what they say of factors is believed. */
  others: readonly { id: string; trustsFactors: boolean }[]
  /** Their way around the provider was closed. */
  isClosed: boolean
  /** Since when the address is proven, or asserted by a provider that is trusted for it; null: neither. */
  addressSince: Date | null
  mailbox: Mailbox
}

const DAY_MS = 24 * 60 * 60_000

/** How somebody could sign in on behalf of an organisation, if the provider died now. Pure. */
export function judgePerson(
  policy: SignInPolicy,
  person: Prospect,
  { providerId, now }: { providerId: string; now: Date },
): Standing {
  const byPasskey = person.isClosed ? 'closed' : passkeyOf(policy, person, { providerId, now })
  if (byPasskey === undefined) return { able: 'passkey', why: null }
  if (hasOther(policy, person)) return { able: 'provider', why: 'other_provider' }
  if (person.isClosed) return no('closed')
  const byMail = mailOf(policy, person, now)
  if (byMail.able !== 'no') return byMail
  // Of two that are closed, the one is told that is nearer to being open.
  return byMail.why === 'no_way' ? no(byPasskey) : byMail
}

function hasOther({ ordinary, provider_id, demands }: SignInPolicy, { others }: Prospect): boolean {
  if (!ordinary.includes('provider')) return false
  return others.some(
    ({ id, trustsFactors }) =>
      (provider_id === null || provider_id === id) && (demands !== 'second-factor' || trustsFactors),
  )
}

/** Undefined: by passkey. */
function passkeyOf(
  policy: SignInPolicy,
  person: Prospect,
  { providerId, now }: { providerId: string; now: Date },
): WhyNot | undefined {
  const isOrdinary = policy.demands !== 'provider' && policy.ordinary.includes('passkey')
  if (!isOrdinary && !isFallBack(policy, 'passkey')) return 'no_way'
  if (person.passkeys.length === 0) return 'no_passkey'
  if (isOrdinary) return undefined
  if (policy.demands === 'provider' && !person.passkeys.includes(providerId)) return 'passkey_not_of_provider'
  return wasSeen(policy, person, now) ? undefined : 'not_seen_lately'
}

function mailOf(policy: SignInPolicy, person: Prospect, now: Date): Standing {
  // A mailed code is one weak factor: whoever demands more never gets it.
  if (policy.demands !== 'nothing') return no('no_way')
  const isOrdinary = policy.ordinary.includes('email')
  if (!isOrdinary && !isFallBack(policy, 'email')) return no('no_way')
  const notAllowed = isOrdinary ? undefined : notByMail(policy, person, now)
  if (notAllowed) return no(notAllowed)
  switch (person.mailbox) {
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

function notByMail(policy: SignInPolicy, person: Prospect, now: Date): WhyNot | undefined {
  if (!wasSeen(policy, person, now)) return 'not_seen_lately'
  if (person.addressSince === null) return 'address_not_proven'
  const youngestMs = (policy.fail_over?.seen_within_days ?? 0) * DAY_MS
  return now.getTime() - person.addressSince.getTime() < youngestMs ? 'address_too_new' : undefined
}

const isFallBack = ({ fail_over }: SignInPolicy, way: FallBackWay) => fail_over?.ways.includes(way) === true

function wasSeen({ fail_over }: SignInPolicy, { lastProvedAt }: Prospect, now: Date): boolean {
  return now.getTime() - lastProvedAt.getTime() <= (fail_over?.seen_within_days ?? 0) * DAY_MS
}

/** Somebody in several organisations is let in by the best of them. */
export function bestOf(standings: readonly Standing[]): Standing | undefined {
  return standings.toSorted((one, other) => abilities.indexOf(one.able) - abilities.indexOf(other.able))[0]
}

const no = (why: WhyNot): Standing => ({ able: 'no', why })

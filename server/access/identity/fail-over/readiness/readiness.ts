/** Whoever signed in within so many days counts as active: longer ago, and they may have left. */
export const ACTIVE_WITHIN_DAYS = 30
export const ACTIVE_WITHIN_MS = ACTIVE_WITHIN_DAYS * 24 * 60 * 60_000
/** Figures are counted anew this often, and say how old they are. */
export const COUNTED_EVERY_MS = 10 * 60_000

/**
 * How somebody could sign in if their provider died now; `provider`: through another one that they are linked to. `unknown`: it
 * could not be found out, and is not counted as able.
 */
export const abilities = ['passkey', 'provider', 'email', 'unknown', 'no'] as const
export type Able = (typeof abilities)[number]

/** Why somebody could not, or by mail alone: a stable word, and what it means. */
export const whys = {
  email_only: 'They have no passkey: a mailed code is their only way.',
  other_provider: 'They are linked to another provider, and may come through that.',
  mail_host_unknown: 'A mailed code is their only way, and where their mailbox is was not found out yet.',
  closed: 'The provider, or an administrator, has closed their way around it.',
  no_way: 'The policy of their organisation lets nobody in another way.',
  no_passkey: 'Only a passkey is allowed, and they have none.',
  passkey_not_of_provider:
    'Their passkeys were not enrolled within a session of the provider, which their organisation demands.',
  passkey_too_weak:
    'Their passkeys were enrolled after a sign-in of less than the second factor that their organisation demands.',
  not_seen_lately: 'They have not come through the provider for longer than the policy allows.',
  address_not_proven: 'Their address was never proven to Holdfast, nor asserted by a provider that is trusted for it.',
  address_too_new: 'Their address is younger than the policy allows.',
  mailbox_at_vendor: 'Their mailbox is at the vendor of the provider, and would be down with it.',
  no_mailbox: 'Their domain takes no mail.',
} as const
export type WhyNot = keyof typeof whys
export const isWhyNot = (text: string): text is WhyNot => Object.hasOwn(whys, text)

export type Standing = { able: 'passkey'; why: null } | { able: Exclude<Able, 'passkey'>; why: WhyNot }

export interface Count extends Record<Able, number> {
  active: number
  whys: Partial<Record<WhyNot, number>>
}

export const nobody = (): Count => ({ active: 0, passkey: 0, provider: 0, email: 0, unknown: 0, no: 0, whys: {} })

export function countIn(count: Count, { able, why }: Standing): void {
  count.active += 1
  count[able] += 1
  if (why !== null) count.whys[why] = (count.whys[why] ?? 0) + 1
}

export function isSame(one: Count, other: Count): boolean {
  const reasons = Object.keys(whys) as WhyNot[]
  return (
    one.active === other.active &&
    abilities.every((able) => one[able] === other[able]) &&
    reasons.every((why) => one.whys[why] === other.whys[why])
  )
}

/** Of those who are active, in whole per cent, never rounded up to all; null: there is nobody. */
export function percentOf(part: number, { active }: Pick<Count, 'active'>): number | null {
  if (active === 0) return null
  const percent = (part / active) * 100
  return percent > 99 && percent < 100 ? 99 : Math.round(percent)
}

type Ables = Pick<Count, 'passkey' | 'provider' | 'email'>
export const ableOf = ({ passkey, provider, email }: Ables) => passkey + provider + email

/** "83 % of active users could sign in if Auth0 died now: 71 % by passkey, 12 % by e-mail only; these 214 could not." */
export function sentenceOf(name: string, count: Count): string {
  const { active, passkey, provider, email, unknown, no } = count
  if (active === 0) return `Nobody who came through ${name} was active in the last ${ACTIVE_WITHIN_DAYS} days.`
  const share = (part: number) => `${percentOf(part, count)} %`
  const able = `${share(ableOf(count))} of active users could sign in if ${name} died now`
  const other = provider === 0 ? '' : `, ${share(provider)} through another provider`
  const ways = `${share(passkey)} by passkey${other}, ${share(email)} by e-mail only`
  const rest = [
    no === 0 ? 'nobody is known to be kept out' : `${no} could not`,
    ...(unknown === 0 ? [] : [`of ${unknown} it is not known yet`]),
  ]
  return `${able}: ${ways}; ${rest.join(', ')}.`
}

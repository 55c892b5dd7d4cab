import type { SignInPolicy } from '../../api/wire/fail-over.ts'

/** As a form holds it: what is off is remembered, so that switching it on again brings back what was written. */
export interface PolicyValues {
  provider_id: string | null
  demands: SignInPolicy['demands']
  byProvider: boolean
  byPasskey: boolean
  byEmail: boolean
  requirePasskeys: boolean
  hasFailOver: boolean
  failOverPasskey: boolean
  failOverEmail: boolean
  seenWithinDays: number | string
  sessionMinutes: number | string
  unknownOpens: boolean
  reason: string
}

/** As access has them. */
export const DAYS = { least: 1, most: 90, usual: 30 } as const
export const MINUTES = { least: 5, most: 12 * 60, usual: 4 * 60 } as const

export function valuesOf({ provider_id, demands, ordinary, passkeys, fail_over }: SignInPolicy): PolicyValues {
  return {
    provider_id,
    demands,
    byProvider: ordinary.includes('provider'),
    byPasskey: demands === 'provider' || ordinary.includes('passkey'),
    byEmail: demands !== 'nothing' || ordinary.includes('email'),
    requirePasskeys: passkeys === 'required',
    hasFailOver: fail_over !== null,
    failOverPasskey: fail_over?.ways.includes('passkey') ?? true,
    failOverEmail: fail_over?.ways.includes('email') ?? false,
    seenWithinDays: fail_over?.seen_within_days ?? DAYS.usual,
    sessionMinutes: fail_over?.session_minutes ?? MINUTES.usual,
    unknownOpens: fail_over?.unknown_opens ?? false,
    reason: '',
  }
}

/** A mail is one weak factor: where more is demanded it opens nothing, whatever was ticked before. */
export function policyOf(values: PolicyValues): SignInPolicy {
  const { provider_id, demands } = values
  const mayMail = demands === 'nothing'
  return {
    provider_id,
    demands,
    ordinary: [
      ...(values.byProvider || demands === 'provider' ? (['provider'] as const) : []),
      ...(demands !== 'provider' && values.byPasskey ? (['passkey'] as const) : []),
      ...(mayMail && values.byEmail ? (['email'] as const) : []),
    ],
    passkeys: values.requirePasskeys ? 'required' : 'offered',
    fail_over:
      provider_id !== null && values.hasFailOver
        ? {
            ways: [
              ...(values.failOverPasskey ? (['passkey'] as const) : []),
              ...(mayMail && values.failOverEmail ? (['email'] as const) : []),
            ],
            seen_within_days: Number(values.seenWithinDays),
            session_minutes: Number(values.sessionMinutes),
            unknown_opens: values.unknownOpens,
          }
        : null,
  }
}

const isWithin = (value: number | string, { least, most }: { least: number; most: number }) =>
  value !== '' && Number.isInteger(Number(value)) && Number(value) >= least && Number(value) <= most

export function wrongIn(values: PolicyValues): Partial<Record<keyof PolicyValues, string>> {
  const policy = policyOf(values)
  return {
    ...(policy.demands === 'provider' &&
      values.provider_id === null && { provider_id: 'Say which provider is demanded.' }),
    ...(policy.fail_over &&
      !policy.ordinary.includes('provider') && {
        byPasskey: 'A fall-back stands in for a provider: let people sign in through it, or switch the fall-back off.',
      }),
    ...(policy.ordinary.length === 0 && { byPasskey: 'Leave at least one way in.' }),
    ...(policy.fail_over?.ways.length === 0 && { hasFailOver: 'Choose a way, or switch the fall-back off.' }),
    ...(policy.fail_over &&
      !isWithin(values.seenWithinDays, DAYS) && { seenWithinDays: `Between ${DAYS.least} and ${DAYS.most}.` }),
    ...(policy.fail_over &&
      !isWithin(values.sessionMinutes, MINUTES) && { sessionMinutes: `Between ${MINUTES.least} and ${MINUTES.most}.` }),
    ...(values.reason.trim() === '' && { reason: 'Say why: it stands beside the change, and in the audit.' }),
  }
}

/** Refusals of access that belong to one of these fields. */
export const refusedAt: Record<string, keyof PolicyValues> = {
  'identity.policy_unknown_provider': 'provider_id',
  'identity.policy_no_provider': 'provider_id',
  'identity.policy_factors_not_trusted': 'provider_id',
  'identity.policy_no_way': 'byPasskey',
}

import type { FailOverPolicy, FallBackWay, SignInPolicy } from './policy.ts'

/**
 * Whether somebody could get in under `after` whom `before` would have kept out, or for longer. Such a policy waits, and never
 * begins in an outage: who has got hold of an administrator must not be able to open the door that the outage leaves ajar.
 * In doubt it is looser. The property test holds it against `mayEnter`.
 */
export function isLooser(before: SignInPolicy, after: SignInPolicy): boolean {
  return (
    isOtherProvider(before, after) ||
    isDemandLower(before, after) ||
    after.ordinary.some((way) => !before.ordinary.includes(way)) ||
    (before.passkeys === 'required' && after.passkeys === 'offered') ||
    (after.fail_over?.ways ?? []).some((way) => !covers(before, after.fail_over!, way))
  )
}

/** Whom another provider vouches for, nobody here knows. */
const isOtherProvider = (before: SignInPolicy, after: SignInPolicy) =>
  before.provider_id !== null && before.provider_id !== after.provider_id

/** `provider` and `second-factor` demand different things: neither covers the other. */
const isDemandLower = (before: SignInPolicy, after: SignInPolicy) =>
  before.demands !== 'nothing' && before.demands !== after.demands

/** Whether a way of fail-over let the same people in before, on an ordinary day or in fail-over. */
function covers(before: SignInPolicy, after: FailOverPolicy, way: FallBackWay): boolean {
  const isMailEnough = before.demands === 'nothing' || (before.demands === 'second-factor' && way === 'passkey')
  if (isMailEnough && before.ordinary.includes(way)) return true
  const held = before.fail_over
  if (!held?.ways.includes(way)) return false
  return (
    after.session_minutes <= held.session_minutes &&
    (held.unknown_opens || !after.unknown_opens) &&
    after.seen_within_days <= held.seen_within_days &&
    // Fewer days ask for a newer sight of the person, and for an older address less.
    (way !== 'email' || after.seen_within_days === held.seen_within_days)
  )
}

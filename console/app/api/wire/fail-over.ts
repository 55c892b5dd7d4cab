/** How the people of an organisation sign in, and who was let in while their provider was down. */

export const ways = ['provider', 'passkey', 'email'] as const
export type Way = (typeof ways)[number]
export type FallBackWay = Exclude<Way, 'provider'>

export interface SignInPolicy {
  /** Through whom its people come; null: it has no provider. */
  provider_id: string | null
  /** On an ordinary day. */
  ordinary: Way[]
  /** What may never be less, fail-over or not. */
  demands: 'nothing' | 'provider' | 'second-factor'
  passkeys: 'offered' | 'required'
  /** Null: nobody is let in another way. */
  fail_over: FailOverPolicy | null
}

export interface FailOverPolicy {
  ways: FallBackWay[]
  seen_within_days: number
  session_minutes: number
  unknown_opens: boolean
}

export interface SignInPolicyInForce {
  policy: SignInPolicy
  epoch: number
  /** A loosened policy waits, and never begins in an outage. */
  waiting: {
    policy: SignInPolicy
    asked_at: string
    takes_effect_at: string
    asked_by: string
    reason: string | null
  } | null
}

export const abilities = ['passkey', 'provider', 'email', 'unknown', 'no'] as const
export type Able = (typeof abilities)[number]

/** Of so many active people, each counted once by the best way they have. `unknown` is not counted as able. */
export interface Counted {
  active: number
  able: Record<Able, number>
  ready: number
  /** Never rounded up to 100; null: nobody is active. */
  ready_percent: number | null
  sentence: string
  /** Why people could not, or by less than a passkey; the most frequent first. */
  whys: { why: string; means: string; people: number }[]
}

export interface ReadinessOf extends Counted {
  provider: { id: string; name: string }
  organization: { id: string; name: string } | null
  /** Every ten minutes; null: not yet. */
  counted_at: string | null
}

export interface ReadinessList {
  /** Each provider that is enabled, and the organisations in which most people could not. */
  data: (ReadinessOf & { organizations: ReadinessOf[] })[]
  active_within_days: number
}

export interface PersonNotReady {
  user: { id: string; email: string; name: string | null }
  able: Exclude<Able, 'passkey'>
  why: string
  means: string
  last_sign_in_at: string | null
}

/** Who of an organisation could sign in if its provider died now, under the policy in force and another. */
export interface FailOverPreview {
  provider: { id: string; name: string } | null
  now: Counted
  asked: Counted
  /** What access lets through and somebody may not mean. */
  warning: string | null
  members: number
  is_whole: boolean
}

/** Somebody who was let in while their provider was down. */
export interface FailOverSignIn {
  id: string
  user: { id: string; email: string | null; name: string | null }
  organization: { id: string; name: string | null } | null
  provider: { id: string; name: string | null }
  method: 'passkey' | 'code' | 'link'
  session_id: string
  at: string
  /** When the session has to be proven at the provider; null: it is not back yet. */
  due_at: string | null
  /** The full round-trip that made it an ordinary session. */
  proved_at: string | null
}

/** Why fail-over keeps somebody out who has proved who they are. */
export const refusalReasons = [
  'way_not_allowed',
  'weaker_than_demanded',
  'not_linked',
  'closed',
  'not_seen_lately',
  'address_not_proven',
  'address_too_new',
  'passkey_too_new',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

/** Counted, by the hour; nobody is named. */
export interface FailOverRefusal {
  hour: string
  organization_id: string
  /** Null: it is gone. */
  organization_name: string | null
  /** One of `refusalReasons`, or what a newer access says. */
  reason: string
  count: number
}

/** One sign-in of a synthetic identity, through everything that a fall-back needs. */
export interface Exercise {
  id: string
  method: 'passkey' | 'code'
  at: string
  process_id: string
  is_good: boolean
  took_ms: number
  detail: string | null
}

export interface Exercises {
  data: Exercise[]
  standing: {
    method: Exercise['method']
    last_good_at: string | null
    /** The last two failed. */
    is_failing: boolean
    /** None was good for so long that nobody can say that it works. */
    is_stale: boolean
  }[]
  every_s: number
  next_cursor: string | null
}

/** By what somebody can sign in, without a key of any of it. */
export interface SignInMethods {
  email: {
    address: string
    /** By a code or a link of ours; null: never. */
    proved_at: string | null
    /** The provider that vouches for it. */
    asserted_by: string | null
    asserted_at: string | null
  }
  passkeys: Passkey[]
  linked_identities: LinkedIdentity[]
  /** Of ten; 0 as well when none were ever made. */
  recovery_codes_left: number
}

export interface Passkey {
  id: string
  name: string
  /** May be copied to other devices by its keeper. */
  is_synced: boolean
  is_backed_up: boolean
  /** False: it came back from a backup, and opens nothing until its owner says that it is still theirs. */
  is_confirmed: boolean
  /** Its counter went back, as that of a copy would: it opens nothing any more. */
  is_copied: boolean
  created_at: string
  last_used_at: string | null
}

export interface LinkedIdentity {
  id: string
  /** Without a name it is not set up here any more. */
  provider: { id: string; name: string | null }
  issuer: string
  subject: string
  email: string | null
  name: string | null
  linked_at: string
  last_proved_at: string
  /** In an outage of the provider nothing stands in for it. */
  closed_at: string | null
  closed_reason: 'invalid_grant' | 'back-channel-logout' | 'administrator' | null
}

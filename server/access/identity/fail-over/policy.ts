/** How somebody may sign in: through the provider of their organisation, by a passkey of ours, by a code or link in a mail. */
export const ways = ['provider', 'passkey', 'email'] as const
export type Way = (typeof ways)[number]
export type FallBackWay = Exclude<Way, 'provider'>

/** How the people of an organisation sign in, and what they may do when its provider is down. */
export interface SignInPolicy {
  /** Through whom its people come; null: it has no provider. */
  provider_id: string | null
  /** On an ordinary day. */
  ordinary: Way[]
  /**
   * What may never be less, fail-over or not. `provider`: nothing but the provider, and in fail-over passkeys that were enrolled
   * within a session of it. `second-factor`: a passkey, or a provider that is trusted to have asked for two.
   */
  demands: 'nothing' | 'provider' | 'second-factor'
  passkeys: 'offered' | 'required'
  /** Null: nobody is let in another way. */
  fail_over: FailOverPolicy | null
}

export interface FailOverPolicy {
  /** The strongest that a person has is offered first. */
  ways: FallBackWay[]
  /** Only people with a validated id_token of ours within so many days, whose address is as old. */
  seen_within_days: number
  session_minutes: number
  /** Whether `unknown` opens it too. */
  unknown_opens: boolean
}

/** Of an organisation that never said anything, and of whoever is in none. */
export const USUAL: SignInPolicy = {
  provider_id: null,
  ordinary: ['provider', 'passkey', 'email'],
  demands: 'nothing',
  passkeys: 'offered',
  fail_over: null,
}

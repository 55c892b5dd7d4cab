import type { FallBackWay, SignInPolicy, Way } from '../../api/wire/fail-over.ts'
import { sayDuration } from '../../ui/moment.ts'

const MINUTE_MS = 60_000

/** What a policy means for the people of the organisation, in sentences that need no second reading. */
export interface PolicyInWords {
  /** On an ordinary day. */
  ordinary: string
  /** While the provider is down. */
  outage: string
  /** While nobody can tell whose fault it is; null: nothing is let in then that is not let in on any day. */
  unknown: string | null
}

export function sayPolicy(policy: SignInPolicy, provider: string | null): PolicyInWords {
  const name = provider ?? 'its provider'
  return {
    ordinary: `${sayOrdinary(policy, name)}${policy.passkeys === 'required' ? ' Whoever has no passkey is asked for one at each sign-in by mail.' : ''}`,
    outage: policy.provider_id === null ? 'It has no provider that could be down.' : sayOutage(policy, name),
    unknown: opensMore(policy) ? sayUnknown(policy.fail_over?.unknown_opens === true, name) : null,
  }
}

function sayOrdinary({ demands, ordinary, provider_id }: SignInPolicy, name: string): string {
  if (demands === 'provider') return `Its people sign in through ${name} and in no other way.`
  const through = provider_id === null ? 'a provider that they are linked to' : name
  if (demands === 'second-factor') {
    const by = ordinary.includes('passkey') ? ['by a passkey'] : []
    const or = ordinary.includes('provider')
      ? [`through ${through} when it is trusted to have asked for two factors`]
      : []
    return `Its people sign in ${[...by, ...or].join(', or ')}: never by a code alone.`
  }
  return ordinary.length === 0
    ? 'Nobody can sign in on its behalf.'
    : `Its people sign in ${orOf(ordinary.map((way) => sayWay(way, through)))}.`
}

function sayWay(way: Way, name: string): string {
  if (way === 'provider') return `through ${name}`
  return way === 'passkey' ? 'by a passkey' : 'by a code in a mail'
}

function sayOutage(policy: SignInPolicy, name: string): string {
  const { fail_over } = policy
  const [always, more] = [alwaysOf(policy), moreOf(policy)]
  const goOn =
    always.length === 0
      ? ''
      : `Whoever has the means goes on ${orOf(always.map((way) => sayWay(way, name)))}, as on any day.`
  if (!fail_over || more.length === 0) {
    if (goOn) return `${goOn} Nobody is let in another way.`
    return `Nobody is let in another way than ${name}: nobody can sign in until it is back.`
  }
  const who = `whoever came through it within the last ${days(fail_over.seen_within_days)}`
  const how = more.map((way) =>
    way === 'passkey' && policy.demands === 'provider' ? 'by a passkey enrolled in a session of it' : sayWay(way, name),
  )
  const opened = `${goOn ? ' Besides, ' : ''}${goOn ? who : capital(who)} goes on ${orOf(how)}, for ${sayDuration(fail_over.session_minutes * MINUTE_MS)} at a time.`
  return `${goOn}${opened}`
}

/** Of the ways around a provider: those of any day, and what only an outage opens. */
const alwaysOf = (policy: SignInPolicy) =>
  policy.demands === 'provider' ? [] : policy.ordinary.filter(isFallBack).filter(isAllowedIn(policy))
const moreOf = (policy: SignInPolicy) =>
  (policy.fail_over?.ways ?? []).filter(isAllowedIn(policy)).filter((way) => !alwaysOf(policy).includes(way))
const opensMore = (policy: SignInPolicy) => policy.provider_id !== null && moreOf(policy).length > 0

const isFallBack = (way: Way): way is FallBackWay => way !== 'provider'

/** What is demanded is never less in an outage: a mail is one weak factor. */
const isAllowedIn =
  ({ demands }: SignInPolicy) =>
  (way: FallBackWay) =>
    way === 'passkey' || demands === 'nothing'

function sayUnknown(opens: boolean, name: string): string {
  return opens
    ? `The same while nobody can tell whether ${name} or our own network is at fault.`
    : `While nobody can tell whether ${name} or our own network is at fault, the fall-back stays closed.`
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const days = (count: number) => (count === 1 ? 'day' : `${count} days`)

/** `a`, `a or b`, `a, b or c`. */
function orOf(parts: readonly string[]): string {
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} or ${last}`
}

import { type ExerciseStanding, standingOfExercises } from '../access/identity/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queries } from '../platform/database/index.ts'
import { degraded, type Finding, failing, ok, unknown } from './finding.ts'
import {
  describeLongestUnasked,
  describeProviders,
  describeReadiness,
  type ProviderRow,
  type ReadinessRow,
} from './queries.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** Long enough to order a new secret, and to be back from a holiday. */
const SECRET_SOON_MS = 30 * DAY_MS
const SECRET_NOW_MS = 7 * DAY_MS
/** They are fetched every few minutes: what is older was not for want of trying. */
const DOCUMENTS_OLD_MS = DAY_MS
/** They are counted every ten minutes. */
const COUNTED_OLD_MS = HOUR_MS
/** It is asked once a day whether people are still there; an outage may cost one day, and this is behind. */
const UNASKED_OLD_MS = 3 * DAY_MS

export interface ProvidersAsked {
  clock: Clock
  /** Of active people, in per cent: below it is a failure. */
  readinessMin?: number | undefined
}

/** What would stop sign-in today: of each provider that people are sent to, and of what is there when one is down. */
export async function checkProviders(db: Queries, { clock, readinessMin }: ProvidersAsked): Promise<Finding[]> {
  const rows = await describeProviders(db)
  if (rows.length === 0) return [ok('identity providers', 'There is none that people are sent to.')]
  const now = clock.now()
  const exercises = await standingOfExercises(db, now)
  const ids = rows.map(({ id }) => id)
  const counted = await describeReadiness(db, ids)
  const unasked = await describeLongestUnasked(db, ids)
  return [
    ...rows.flatMap((row) => ofProvider(row, now)),
    ...rows.flatMap(({ id, name }) => ofUnasked(name, unasked.find((each) => each.provider_id === id)?.since, now)),
    ...exercises.map((each) => ofExercise(each, now)),
    ...rows.map(({ id, name }) =>
      ofReadiness(
        name,
        counted.find((each) => each.provider_id === id),
        { now, readinessMin },
      ),
    ),
  ]
}

function ofProvider(row: ProviderRow, now: Date): Finding[] {
  const wrong = [
    secret(row, now),
    keys(row, now),
    discovery(row),
    test(row),
    order(row, now),
    verdict(row, now),
  ].filter((finding): finding is Finding => finding !== undefined)
  if (wrong.length > 0) return wrong
  return [ok('identity provider', `${row.name} was tested, and its keys are ${age(now, row.keys_fetched_at!)} old.`)]
}

function secret({ name, has_secret, client_secret_expires_at: at }: ProviderRow, now: Date): Finding | undefined {
  if (!has_secret) return undefined
  if (at === null) {
    const says = `Nobody has said until when the client secret of ${name} is good, so nobody is told before it runs out.`
    return degraded(
      'client secret',
      says,
      'Look there, and give it: "holdfast providers edit <id> --client-secret-expires-at".',
    )
  }
  const leftMs = at.getTime() - now.getTime()
  if (leftMs >= SECRET_SOON_MS) return undefined
  const advice = 'Make another one there, and give it: "holdfast providers edit <id> --client-secret-file".'
  if (leftMs <= 0) return failing('client secret', `The client secret of ${name} has run out.`, advice)
  const says = `The client secret of ${name} runs out in ${Math.ceil(leftMs / DAY_MS)} days.`
  return leftMs < SECRET_NOW_MS ? failing('client secret', says, advice) : degraded('client secret', says, advice)
}

function keys({ name, keys_fetched_at: at, keys_good_for_ms: goodForMs }: ProviderRow, now: Date): Finding | undefined {
  const advice = 'docs/runbooks/provider-down.md; "holdfast providers test" says where it stops.'
  if (at === null) return failing('keys', `The keys of ${name} were never fetched: nobody gets in by it.`, advice)
  const until = new Date(at.getTime() + goodForMs)
  const fetched = `The keys of ${name} were last fetched ${age(now, at)} ago`
  if (now >= until) {
    const says = `${fetched}, and were good until ${until.toISOString()}: nobody gets in by it.`
    return failing('keys', says, advice)
  }
  const isOld = now.getTime() - at.getTime() > DOCUMENTS_OLD_MS
  return isOld ? failing('keys', `${fetched}, and are good until ${until.toISOString()}.`, advice) : undefined
}

function discovery({ name, tested_at, discovery_changed_at: at }: ProviderRow): Finding | undefined {
  if (at === null) {
    const says = `The discovery document of ${name} was never fetched.`
    return failing('discovery', says, '"holdfast providers test" says where it stops.')
  }
  if (tested_at === null || at <= tested_at) return undefined
  return degraded(
    'discovery',
    `The discovery document of ${name} has changed since it was tested.`,
    'See whether that was announced, and test it again: "holdfast providers test <id>".',
  )
}

function test({ name, tested_at }: ProviderRow): Finding | undefined {
  if (tested_at !== null) return undefined
  const says = `${name} was not tested with the settings that it has now.`
  return degraded('test', says, 'Test it: "holdfast providers test <id>".')
}

/** An order that holds now. */
const orderOf = ({ ordered, ordered_until: until }: ProviderRow, now: Date) =>
  ordered !== null && until !== null && now < until ? { ordered, until } : undefined

/** What a person has ordered is said beside what the provider is, and never in its place. */
function order(row: ProviderRow, now: Date): Finding | undefined {
  const held = orderOf(row, now)
  if (!held) return undefined
  const does = held.ordered === 'closed' ? 'forbids' : 'opens'
  const says = `An order ${does} the fall-back of ${row.name} until ${held.until.toISOString()}.`
  return degraded('order', says, '"holdfast providers lift-order <id>" takes it back.')
}

function verdict(row: ProviderRow, now: Date): Finding | undefined {
  const { name, state, open_since: since } = row
  const advice = 'docs/runbooks/provider-down.md'
  if (state === null)
    return unknown('verdict', `Nobody has looked at ${name} yet.`, 'See that access runs, and its log.')
  const held = orderOf(row, now)
  const isOpen = held ? held.ordered === 'open' : since !== null
  const isOut = state === 'down' || state === 'unknown'
  if (isOut && !isOpen) {
    // A policy may say that `unknown` is enough for its own people; everybody else stands before a closed door.
    const who =
      state === 'unknown' && !held
        ? 'nobody is sent another way but where a policy says so'
        : 'nobody is sent another way'
    return failing('verdict', `${name} is ${state}, and ${who}.`, advice)
  }
  if (!isOut && (since === null || !isOpen)) return undefined
  const says = since === null ? '' : ` People are sent another way since ${since.toISOString()}.`
  return degraded('verdict', `${name} is ${state}.${says}`, advice)
}

/** Whoever has left there keeps the other ways in until the provider was asked. */
function ofUnasked(provider: string, since: Date | undefined, now: Date): Finding[] {
  if (!since || now.getTime() - since.getTime() <= UNASKED_OLD_MS) return []
  const says = `${provider} was last asked ${age(now, since)} ago whether somebody is still there; it should be once a day.`
  const advice =
    'It may have been down, answer 429, or have more people than are asked in a day: docs/operating.md. Block here whoever has left.'
  return [degraded('people who left', says, advice)]
}

function ofExercise({ method, last_good_at: at, is_failing, is_stale }: ExerciseStanding, now: Date): Finding {
  const name = `fall-back by ${method}`
  const advice = '"holdfast fail-over exercises" says where it stops.'
  if (is_failing) return failing(name, 'It has failed twice in a row: nobody could sign in by it.', advice)
  if (at === null) return unknown(name, 'It was never exercised: nobody knows that it works.', 'Start access.')
  if (is_stale) return unknown(name, `It last worked ${age(now, at)} ago.`, 'See that access runs, and its log.')
  return ok(name, `It last worked ${age(now, at)} ago.`)
}

function ofReadiness(
  provider: string,
  counted: ReadinessRow | undefined,
  { now, readinessMin }: { now: Date; readinessMin: number | undefined },
): Finding {
  const name = 'readiness'
  if (!counted)
    return unknown(name, `Who could sign in without ${provider} was not counted yet.`, 'See that access runs.')
  const { active, ready, counted_at: at } = counted
  if (active === 0) return ok(name, `Nobody who came through ${provider} was active lately.`)
  const percent = Math.floor((ready / active) * 100)
  const says = `${percent} % of ${active} active users could sign in without ${provider}.`
  const advice = '"holdfast readiness" says who could not, and why.'
  if (readinessMin !== undefined && percent < readinessMin) return failing(name, says, advice)
  if (now.getTime() - at.getTime() > COUNTED_OLD_MS)
    return degraded(name, `${says} That was counted ${age(now, at)} ago.`, 'See that access runs, and its log.')
  return ok(name, says)
}

/** `12 min`, `3 h`, `9 d`. */
function age(now: Date, at: Date): string {
  const ms = Math.max(0, now.getTime() - at.getTime())
  if (ms < 2 * HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`
  return ms < 2 * DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} d`
}

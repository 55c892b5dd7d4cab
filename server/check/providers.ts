import { type ExerciseStanding, standingOfExercises } from '../access/identity/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queries } from '../platform/database/index.ts'
import { degraded, type Finding, failing, ok, unknown } from './finding.ts'
import { describeProviders, type ProviderRow } from './queries.ts'

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
  return [
    ...rows.flatMap((row) => ofProvider(row, now)),
    ...exercises.map((each) => ofExercise(each, now)),
    ...rows.map((row) => ofReadiness(row, { now, readinessMin })),
  ]
}

function ofProvider(row: ProviderRow, now: Date): Finding[] {
  const wrong = [secret(row, now), keys(row, now), discovery(row), test(row), held(row, now)].filter(
    (finding): finding is Finding => finding !== undefined,
  )
  if (wrong.length > 0) return wrong
  return [ok('identity provider', `${row.name} was tested, and its keys are ${age(now, row.keys_fetched_at!)} old.`)]
}

function secret({ name, has_secret, client_secret_expires_at: at }: ProviderRow, now: Date): Finding | undefined {
  if (!has_secret || at === null) return undefined
  const leftMs = at.getTime() - now.getTime()
  if (leftMs >= SECRET_SOON_MS) return undefined
  const advice = 'Make another one there, and give it: "holdfast providers edit <id> --client-secret-file".'
  if (leftMs <= 0) return failing('client secret', `The client secret of ${name} has run out.`, advice)
  const says = `The client secret of ${name} runs out in ${Math.ceil(leftMs / DAY_MS)} days.`
  return leftMs < SECRET_NOW_MS ? failing('client secret', says, advice) : degraded('client secret', says, advice)
}

function keys({ name, keys_fetched_at: at }: ProviderRow, now: Date): Finding | undefined {
  const advice = 'docs/runbooks/provider-down.md; "holdfast providers test" says where it stops.'
  if (at === null) return failing('keys', `The keys of ${name} were never fetched: nobody gets in by it.`, advice)
  const isOld = now.getTime() - at.getTime() > DOCUMENTS_OLD_MS
  return isOld
    ? failing('keys', `The keys of ${name} were last fetched ${age(now, at)} ago, and are good for some days.`, advice)
    : undefined
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

function held({ name, state, open_since, ordered, ordered_until: until }: ProviderRow, now: Date): Finding | undefined {
  const isOrdered = ordered !== null && until !== null && now < until
  if (isOrdered && ordered === 'closed') {
    const says = `An order forbids the fall-back of ${name} until ${until.toISOString()}.`
    return degraded('order', says, '"holdfast providers lift-order <id>" takes it back.')
  }
  if (open_since === null && !isOrdered && state !== 'down' && state !== 'unknown') return undefined
  const since = open_since === null ? '' : ` People are sent another way since ${open_since.toISOString()}.`
  return degraded('verdict', `${name} is ${state ?? 'ordered open'}.${since}`, 'docs/runbooks/provider-down.md')
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
  { name: provider, active, ready, counted_at: at }: ProviderRow,
  { now, readinessMin }: { now: Date; readinessMin: number | undefined },
): Finding {
  const name = 'readiness'
  if (at === null || active === null || ready === null) {
    return unknown(name, `Who could sign in without ${provider} was not counted yet.`, 'See that access runs.')
  }
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

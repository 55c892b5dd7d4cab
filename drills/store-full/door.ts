import { evenArrivals, poissonArrivals } from '../load/arrivals.ts'
import type { Seen, Stream } from '../load/generator.ts'
import { picker } from '../load/picker.ts'
import type { Plan } from './plan.ts'

/** A session that the drill itself signed in, and so knows the truth about. */
export interface KnownSession {
  subject: number
  person: string
  cookies: Record<string, string>
}

/** What an arm can be asked under load, in its own language. */
export interface Door {
  check(session: KnownSession, signal: AbortSignal): Promise<Seen>
  /** One whole sign-in and the first page after it, not tried again; `keep` is the person's cookies. */
  signIn(person: string, signal: AbortSignal): Promise<Seen>
}

export interface LoadSetup {
  plan: Plan
  live: KnownSession[]
  toEnd: KnownSession[]
}

/** A page that has to know who is asking cannot wait longer before it is itself slow. */
export const CHECK_DEADLINE_MS = 2000
/** Some seconds for the mail; whoever has to press again was not let in. */
export const SIGN_IN_DEADLINE_MS = 5000
/** A naive server that hangs holds 50 × 2 s of checks and 10 × 5 s of sign-ins; some times that. */
export const IN_FLIGHT_MAX = 1000
const ENDED_CHECKS_PER_SECOND = 12
const SLACK_MS = 60_000

export function streamsOf(door: Door, { plan, live, toEnd }: LoadSetup): Stream[] {
  // A busy machine takes longer to fill a store; the drill ends the load when it has seen all.
  const whole = { forMs: plan.totalMs + SLACK_MS }
  const pick = picker(live.length, plan.seed)
  return [
    {
      name: 'check',
      arrivals: poissonArrivals({ ...whole, perSecond: plan.checksPerSecond, seed: plan.seed }),
      deadlineMs: CHECK_DEADLINE_MS,
      subjectOf: () => pick(),
      act: checkAndComeBack(door, live),
    },
    {
      name: 'ended',
      arrivals: evenArrivals({ ...whole, perSecond: ENDED_CHECKS_PER_SECOND }),
      deadlineMs: CHECK_DEADLINE_MS,
      subjectOf: (index) => toEnd[index % toEnd.length]!.subject,
      act: (subject, signal) => door.check(toEnd.find((one) => one.subject === subject)!, signal),
    },
    {
      name: 'sign-in',
      arrivals: evenArrivals({ ...whole, perSecond: plan.signInsPerSecond }),
      deadlineMs: SIGN_IN_DEADLINE_MS,
      subjectOf: (index) => index,
      act: (subject, signal) => door.signIn(`load-${plan.seed}-${subject}@drill.test`, signal),
    },
  ]
}

/**
 * Whoever is told that they are signed out signs in again, as people do. Otherwise the first wipe would leave nobody
 * for the next fault; so a person who is thrown out counts once, and not each time they ask.
 */
function checkAndComeBack(door: Door, live: KnownSession[]): Stream['act'] {
  const comingBack = new Set<number>()
  return async (subject, signal) => {
    const session = live[subject]!
    const seen = await door.check(session, signal)
    if (seen.outcome === 'invalid' && !comingBack.has(subject)) {
      comingBack.add(subject)
      door
        .signIn(session.person, AbortSignal.timeout(SIGN_IN_DEADLINE_MS))
        .then((again) => {
          if (again.outcome === 'valid') session.cookies = again.keep as Record<string, string>
        })
        // Not let in either: the next check says so, and they try again.
        .catch(() => {})
        .finally(() => comingBack.delete(subject))
    }
    return seen
  }
}

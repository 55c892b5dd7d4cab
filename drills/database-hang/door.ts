import type { Seen, Stream } from '../load/generator.ts'
import { evenArrivals, poissonArrivals } from '../load/arrivals.ts'
import { picker } from '../load/picker.ts'
import type { Plan } from './plan.ts'

/** A session that the drill itself signed in, and so knows the truth about. */
export interface KnownSession {
  subject: number
  /** By which way it is checked; an arm has its own names for them. */
  way: string
  person: string
  cookies: Record<string, string>
}

/** The sessions of a run: those that must stay valid, and those that the drill ends before or during the fault. */
export interface KnownSessions {
  live: KnownSession[]
  endedBefore: KnownSession[]
  endedDuring: KnownSession[]
}

/** Everybody who was signed in for the run, in the order of their subjects. */
export function splitSessions(people: KnownSession[], plan: Plan): KnownSessions {
  const endedFrom = plan.sessions
  const duringFrom = endedFrom + plan.endedBefore
  return {
    live: people.slice(0, endedFrom),
    endedBefore: people.slice(endedFrom, duringFrom),
    endedDuring: people.slice(duringFrom),
  }
}

/** What an arm can be asked under load, in its own language. */
export interface Door {
  check(session: KnownSession, signal: AbortSignal): Promise<Seen>
  /** With a session that never existed: only a door that can see may say so. */
  checkStranger(signal: AbortSignal): Promise<Seen>
  /** One whole sign-in, tried again as a person would, with what it takes to check the session later in `keep`. */
  signIn(person: string, signal: AbortSignal): Promise<Seen>
}

/** A page that has to know who is asking cannot wait longer before it is itself slow. */
export const CHECK_DEADLINE_MS = 2000
/** A person who has not got in after ten seconds has not got in. */
export const SIGN_IN_DEADLINE_MS = 10_000
/** A naive server that hangs holds 200 × 2 s of checks and 10 sign-ins; five times that is more than it can be asked. */
export const IN_FLIGHT_MAX = 2000

const ENDED_CHECKS_PER_SECOND = 8
const STRANGERS_PER_SECOND = 2

export function streamsOf(door: Door, plan: Plan, sessions: KnownSessions): Stream[] {
  const ended = [...sessions.endedBefore, ...sessions.endedDuring]
  const whole = { forMs: plan.totalMs }
  const live = picker(sessions.live.length, plan.seed)
  return [
    {
      name: 'check',
      arrivals: poissonArrivals({ ...whole, perSecond: plan.checksPerSecond, seed: plan.seed }),
      deadlineMs: CHECK_DEADLINE_MS,
      subjectOf: () => live(),
      act: (subject, signal) => door.check(sessions.live[subject]!, signal),
    },
    {
      name: 'ended',
      arrivals: evenArrivals({ ...whole, perSecond: ENDED_CHECKS_PER_SECOND }),
      deadlineMs: CHECK_DEADLINE_MS,
      subjectOf: (index) => ended[index % ended.length]!.subject,
      act: (subject, signal) => door.check(ended.find((one) => one.subject === subject)!, signal),
    },
    {
      name: 'stranger',
      arrivals: evenArrivals({ ...whole, perSecond: STRANGERS_PER_SECOND }),
      deadlineMs: CHECK_DEADLINE_MS,
      subjectOf: () => -1,
      act: (_subject, signal) => door.checkStranger(signal),
    },
    {
      name: 'sign-in',
      // The last ones have to be over, with the checks of what they left behind, before the drill is.
      arrivals: evenArrivals({ forMs: plan.totalMs, perSecond: plan.signInsPerSecond }),
      deadlineMs: SIGN_IN_DEADLINE_MS,
      subjectOf: (index) => index,
      act: (subject, signal) => door.signIn(personOf(plan.seed, subject), signal),
    },
  ]
}

/** Every sign-in under load is another person, so that a doubled session shows. */
export function personOf(seed: number, subject: number): string {
  return `load-${seed}-${subject}@drill.test`
}

import { evenArrivals, poissonArrivals } from '../load/arrivals.ts'
import type { Seen, Stream } from '../load/generator.ts'
import { picker } from '../load/picker.ts'
import { customers } from './customers.ts'
import type { Member } from './people.ts'
import type { Plan } from './plan.ts'

/** A session that the drill itself signed in, and so knows the truth about. */
export interface KnownSession {
  member: Member
  /** Who they are to the arm, told at the sign-in before the fault. */
  account: string
  cookies: Record<string, string>
  way: 'sdk' | 'cookie'
}

/** Whoever comes again and again, with what they have to come with. */
export interface Comer {
  member: Member
  account: string
  /** Of the arm; its door knows what it is. */
  means: unknown
}

/** What a sign-in that was let in tells: how, who they are now, and what they had to wait for. */
export interface LetIn {
  person: number
  way: 'provider' | 'passkey' | 'email'
  isOwnAccount: boolean
  /** From the click that led to the session: what came before was waiting for a fall-back to open. */
  lastTryMs: number
  tries: number
}

/** What an arm can be asked under load, in its own language. */
export interface Door {
  check(session: KnownSession, signal: AbortSignal): Promise<Seen>
  /** One whole sign-in, from the first click to the first page; `keep` is a `LetIn` where it is valid. */
  signIn(comer: Comer, signal: AbortSignal): Promise<Seen>
  /** `valid`: somebody was let in who must not be. */
  knock?(comer: Comer, signal: AbortSignal): Promise<Seen>
  /** Something that anybody can do to make a provider look down. */
  attack?(round: number, signal: AbortSignal): Promise<Seen>
}

export interface LoadSetup {
  plan: Plan
  live: KnownSession[]
  comers: Comer[]
  refused: Comer[]
}

/** A page that has to know who is asking cannot wait longer before it is itself slow. */
export const CHECK_DEADLINE_MS = 2000
/** People press again for half a minute before they call. */
export const SIGN_IN_DEADLINE_MS = 30_000
const KNOCK_DEADLINE_MS = 15_000
const ATTACK_DEADLINE_MS = 10_000
/** Fifteen customers whose people all wait half a minute, and checks of two seconds; some times that. */
export const IN_FLIGHT_MAX = 1000
const SLACK_MS = 60_000
/** The healthy are what the others are compared with, so more of them come. */
const HEALTHY_TIMES = 2

export function streamsOf(door: Door, { plan, live, comers, refused }: LoadSetup): Stream[] {
  const forMs = plan.totalMs + SLACK_MS
  const pick = picker(live.length, plan.seed)
  const { knock, attack } = door
  return [
    {
      name: 'check',
      arrivals: poissonArrivals({ forMs, perSecond: plan.checksPerSecond, seed: plan.seed }),
      deadlineMs: CHECK_DEADLINE_MS,
      subjectOf: () => pick(),
      act: (subject, signal) => door.check(live[subject]!, signal),
    },
    ...customers.flatMap(({ key, group }, index): Stream[] => {
      const own = comers.filter(({ member }) => member.customer === key)
      if (group === 'quiet' || own.length === 0) return []
      const perSecond = plan.signInsPerSecond * (group === 'healthy' ? HEALTHY_TIMES : 1)
      return [
        {
          name: 'sign-in',
          arrivals: poissonArrivals({ forMs, perSecond, seed: plan.seed + 31 * (index + 1) }),
          deadlineMs: SIGN_IN_DEADLINE_MS,
          subjectOf: () => index,
          act: oneAtATime(own, (comer, signal) => door.signIn(comer, signal)),
        },
      ]
    }),
    ...(knock && refused.length > 0
      ? [
          {
            name: 'knock',
            arrivals: evenArrivals({ forMs, perSecond: plan.knocksPerSecond }),
            deadlineMs: KNOCK_DEADLINE_MS,
            subjectOf: (index: number) => index % refused.length,
            act: (subject: number, signal: AbortSignal) => knock(refused[subject]!, signal),
          },
        ]
      : []),
    ...(attack
      ? [
          {
            name: 'attack',
            arrivals: evenArrivals({ forMs, perSecond: plan.attacksPerSecond }),
            deadlineMs: ATTACK_DEADLINE_MS,
            subjectOf: (index: number) => index,
            act: (subject: number, signal: AbortSignal) => attack(subject, signal),
          },
        ]
      : []),
  ]
}

/** Given up a moment before the generator does, so that it can still be told what the last try met. */
const GIVE_UP_MS = 250

/** Nobody signs in twice at once; whoever comes while all of a customer's people are at it waits, and their wait counts. */
function oneAtATime(comers: Comer[], signIn: (comer: Comer, signal: AbortSignal) => Promise<Seen>): Stream['act'] {
  const free = [...comers]
  const waiting: ((comer: Comer) => void)[] = []
  return async (_subject, deadline) => {
    const signal = AbortSignal.any([deadline, AbortSignal.timeout(SIGN_IN_DEADLINE_MS - GIVE_UP_MS)])
    const comer = free.shift() ?? (await new Promise<Comer>((resolve) => waiting.push(resolve)))
    try {
      signal.throwIfAborted()
      return await signIn(comer, signal)
    } finally {
      const next = waiting.shift()
      if (next) next(comer)
      else free.push(comer)
    }
  }
}

/** The load process of the naive arm. */
import { serveLoad } from '../load/load-process.ts'
import { openTarget } from '../load/request.ts'
import { IN_FLIGHT_MAX, type KnownSessions, streamsOf } from './door.ts'
import { naiveDoor } from './naive-door.ts'
import type { Plan } from './plan.ts'

export interface NaiveSetup {
  plan: Plan
  sessions: KnownSessions
  origin: string
}

serveLoad<NaiveSetup>(async ({ plan, sessions, origin }) => {
  const target = openTarget(origin, { connectionsMax: IN_FLIGHT_MAX })
  return {
    streams: streamsOf(naiveDoor(target), plan, sessions),
    inFlightMax: IN_FLIGHT_MAX,
    close: () => target[Symbol.dispose](),
  }
})

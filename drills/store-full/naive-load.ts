/** The load process of the naive arm. */
import { serveLoad } from '../load/load-process.ts'
import { openTarget } from '../load/request.ts'
import { IN_FLIGHT_MAX, type LoadSetup, streamsOf } from './door.ts'
import { naiveDoor } from './naive-door.ts'

export interface NaiveSetup extends LoadSetup {
  origin: string
}

serveLoad<NaiveSetup>(async ({ origin, ...setup }) => {
  const target = openTarget(origin, { connectionsMax: IN_FLIGHT_MAX })
  return {
    streams: streamsOf(naiveDoor(target), setup),
    inFlightMax: IN_FLIGHT_MAX,
    close: () => target[Symbol.dispose](),
  }
})

/** The load process of the naive arm. */
import { serveLoad } from '../load/load-process.ts'
import { IN_FLIGHT_MAX, type LoadSetup, streamsOf } from './door.ts'
import { naiveDoor, type NaiveDoorOptions } from './naive-door.ts'

export type NaiveSetup = LoadSetup & NaiveDoorOptions

serveLoad<NaiveSetup>(async (setup) => ({
  streams: streamsOf(naiveDoor(setup), setup),
  inFlightMax: IN_FLIGHT_MAX,
}))

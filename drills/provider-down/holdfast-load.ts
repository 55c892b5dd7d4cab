/** The load process of the Holdfast arm: half of its checks go through an SDK of its own, as in an app. */
import { Holdfast } from '../../sdk/index.ts'
import { poll } from '../frame/wait.ts'
import { openMailbox } from '../holdfast/mailbox.ts'
import { serveLoad } from '../load/load-process.ts'
import { IN_FLIGHT_MAX, type LoadSetup, streamsOf } from './door.ts'
import { holdfastDoor, type HoldfastDoorOptions } from './holdfast-door.ts'

/** An app that is deployed has read the feed long before the outage. */
const FEED_DEADLINE_MS = 15_000

export interface HoldfastSetup extends LoadSetup, HoldfastDoorOptions {
  applicationKey: string
  sdkFolder: string
  mailFolder: string
}

serveLoad<HoldfastSetup>(async (setup) => {
  const holdfast = new Holdfast({ url: setup.url, key: setup.applicationKey, dataDir: setup.sdkFolder })
  const isReady = await poll(
    () => {
      const { keys, lagMs } = holdfast.status()
      return (keys > 0 && lagMs !== null) || null
    },
    { deadlineMs: FEED_DEADLINE_MS, signal: new AbortController().signal },
  )
  if (!isReady) throw new Error(`The SDK has not reached access: ${JSON.stringify(holdfast.status())}`)
  const door = holdfastDoor(setup, openMailbox(setup.mailFolder), (request) => holdfast.sessions.verify(request))
  return {
    streams: streamsOf(door, setup),
    inFlightMax: IN_FLIGHT_MAX,
    close: () => holdfast.close(),
  }
})

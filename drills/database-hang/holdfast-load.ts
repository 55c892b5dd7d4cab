/** The load process of the Holdfast arm: half of its checks go through an SDK of its own, as in an app. */
import { Holdfast } from '../../sdk/index.ts'
import { poll } from '../frame/wait.ts'
import { serveLoad } from '../load/load-process.ts'
import { openTarget } from '../load/request.ts'
import { IN_FLIGHT_MAX, type KnownSessions, streamsOf } from './door.ts'
import { holdfastDoor } from './holdfast-door.ts'
import { openMailbox } from '../holdfast/mailbox.ts'
import type { Plan } from './plan.ts'

/** An app that is deployed has read the feed long before the outage. */
const FEED_DEADLINE_MS = 15_000

export interface HoldfastSetup {
  plan: Plan
  sessions: KnownSessions
  url: string
  appOrigin: string
  applicationKey: string
  sdkFolder: string
  mailFolder: string
}

serveLoad<HoldfastSetup>(async ({ plan, sessions, url, appOrigin, applicationKey, sdkFolder, mailFolder }) => {
  const access = openTarget(url, { connectionsMax: IN_FLIGHT_MAX })
  const app = openTarget(appOrigin, { connectionsMax: IN_FLIGHT_MAX })
  const holdfast = new Holdfast({ url, key: applicationKey, dataDir: sdkFolder })
  const isReady = await poll(
    () => {
      const { keys, lagMs } = holdfast.status()
      return (keys > 0 && lagMs !== null) || null
    },
    { deadlineMs: FEED_DEADLINE_MS, signal: new AbortController().signal },
  )
  if (!isReady) throw new Error(`The SDK has not reached access: ${JSON.stringify(holdfast.status())}`)
  const doorway = {
    access: { target: access, prefix: '' },
    app: { target: app, prefix: '/auth' },
    mailbox: openMailbox(mailFolder),
  } as const
  return {
    streams: streamsOf(
      holdfastDoor(doorway, (request) => holdfast.sessions.verify(request)),
      plan,
      sessions,
    ),
    inFlightMax: IN_FLIGHT_MAX,
    async close() {
      access[Symbol.dispose]()
      app[Symbol.dispose]()
      await holdfast.close()
    },
  }
})

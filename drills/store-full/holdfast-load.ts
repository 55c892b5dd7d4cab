/** The load process of the Holdfast arm. */
import { openMailbox } from '../holdfast/mailbox.ts'
import { serveLoad } from '../load/load-process.ts'
import { openTarget } from '../load/request.ts'
import { IN_FLIGHT_MAX, type LoadSetup, streamsOf } from './door.ts'
import { holdfastDoor } from './holdfast-door.ts'

export interface HoldfastSetup extends LoadSetup {
  urls: { first: string; second: string }
  mailFolder: string
}

serveLoad<HoldfastSetup>(async ({ urls, mailFolder, ...setup }) => {
  const first = openTarget(urls.first, { connectionsMax: IN_FLIGHT_MAX })
  const second = openTarget(urls.second, { connectionsMax: IN_FLIGHT_MAX })
  return {
    streams: streamsOf(holdfastDoor({ first, second, mailbox: openMailbox(mailFolder) }), setup),
    inFlightMax: IN_FLIGHT_MAX,
    close() {
      first[Symbol.dispose]()
      second[Symbol.dispose]()
    },
  }
})

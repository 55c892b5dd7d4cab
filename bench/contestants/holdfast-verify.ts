import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { Holdfast } from '../../sdk/index.ts'
import { monotonicMs } from '../../drills/frame/clock.ts'
import { poll } from '../../drills/frame/wait.ts'
import type { Contestant } from '../contestant.ts'
import { fetchJars } from '../holdfast/fetch-proofs.ts'
import { makeSessions } from '../holdfast/make-sessions.ts'
import { type Open, startPeer } from '../peers/peer.ts'

const LOOK_EVERY = 1000
/** Each has a proof made for it first, over HTTP. */
const PEOPLE = 200
const FEED_DEADLINE_MS = 15_000

interface Setup {
  url: string
  applicationKey: string
  folder: string
  handles: string[]
}

export const holdfastVerify: Contestant = {
  name: 'holdfast-verify',
  measure: 'check in process',
  about: 'Holdfast sessions.verify of the SDK, in the app’s process, by handle and proof',
  ratioTo: 'digest-map-in-process',
  needs: 'holdfast',
  async start(scene) {
    const { url, applicationKey, databaseUrl } = await scene.holdfast()
    const handles = await makeSessions(databaseUrl, PEOPLE)
    const setup: Setup = { url, applicationKey, handles, folder: join(scene.stage.folder, 'sdk') }
    return startPeer(scene, import.meta.url, setup)
  },
}

export const open: Open = async ({ own }) => {
  const { url, applicationKey, folder, handles } = own as Setup
  const holdfast = new Holdfast({ url, key: applicationKey, dataDir: folder })
  const isReady = await poll(() => (holdfast.status().keys > 0 && holdfast.status().lagMs !== null) || null, {
    deadlineMs: FEED_DEADLINE_MS,
    signal: new AbortController().signal,
  })
  if (!isReady) throw new Error(`The SDK has not reached access: ${JSON.stringify(holdfast.status())}`)
  const requests: IncomingMessage[] = []
  for (const jar of await fetchJars(url, handles)) requests.push(requestOf(jar))
  return {
    async work({ untilMs }) {
      let operations = 0
      for (; operations % LOOK_EVERY !== 0 || monotonicMs() < untilMs; operations++) {
        const answer = await holdfast.sessions.verify(requests[operations % requests.length]!)
        if (answer.verdict !== 'valid' || answer.source !== 'proof')
          throw new Error(`verified: ${JSON.stringify(answer)}`)
      }
      return operations
    },
  }
}

/** As a Node server hands it to the app. */
function requestOf(cookie: string): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  request.method = 'GET'
  request.url = '/'
  request.headers = { host: 'app.bench.test', cookie }
  return request
}

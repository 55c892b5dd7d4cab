/** A process of clients: each follows access by itself, and says when a change has reached its answers. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { monotonicMs } from '../../drills/frame/clock.ts'
import { Holdfast } from '../../sdk/index.ts'
import { KEY } from './same-rule.ts'

export interface FollowerSetup {
  url: string
  key: string
  folder: string
  clients: number
}
/** `value` is what the flag answers then: a number that came without its answer is no change. */
export type FromFollower =
  | { type: 'connected' }
  | { type: 'seen'; number: string; value: unknown; atMs: number }
  | { type: 'failed'; message: string }

/** One after the other, so that two hundred connections are not made in the same moment. */
const READY_MS = 20_000

const say = (message: FromFollower) => process.send?.(message)
process.on('disconnect', () => process.exit())
process.on('SIGINT', () => {})
process.on('message', async ({ url, key, folder, clients }: FollowerSetup) => {
  try {
    for (let index = 0; index < clients; index++) {
      const dataDir = join(folder, String(index))
      mkdirSync(dataDir, { recursive: true })
      const { flags } = new Holdfast({ url, key, dataDir })
      if (!(await flags.ready(READY_MS))) throw new Error(`Client ${index} has no flags: ${flags.status().because}`)
      flags.on('changed', ({ seq }) => {
        say({ type: 'seen', number: seq, value: flags.details(KEY, false, {}).value, atMs: monotonicMs() })
      })
    }
    say({ type: 'connected' })
  } catch (error) {
    say({ type: 'failed', message: error instanceof Error ? error.stack! : String(error) })
  }
})

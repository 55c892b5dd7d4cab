import { monotonicMs } from '../frame/clock.ts'
import { waitMs } from '../frame/wait.ts'
import { asSuperuser } from '../holdfast/make-database.ts'
import type { Target } from '../load/request.ts'
import { countSignals } from './wipe-tables.ts'

/** What access itself says, as somebody sees who watches it: signals as the database holds them, and `/readyz`. */
export interface Signs {
  /** When a look found a signal of a wipe that was not there before. */
  signals: number[]
  /** When a look found that readiness names the flags. */
  named: number[]
  looks: number
}

/** Finer than the second within which access looks at its tables. */
const LOOK_EVERY_MS = 50
const LOOK_DEADLINE_MS = 1000
const WIPED = 'flags.wiped'

export function watchSigns(watched: { superuserUrl: string; target: Target; signal: AbortSignal }): Signs {
  const signs: Signs = { signals: [], named: [], looks: 0 }
  const { superuserUrl, target, signal } = watched
  const look = async () => {
    const before = await asSuperuser(superuserUrl, (client) => countSignals(client, WIPED))
    await asSuperuser(superuserUrl, async (client) => {
      let known = before
      while (!signal.aborted) {
        const [count, isNamed] = await Promise.all([countSignals(client, WIPED), namesFlags(target)])
        if (count > known) signs.signals.push(monotonicMs())
        if (isNamed) signs.named.push(monotonicMs())
        known = count
        signs.looks++
        await waitMs(LOOK_EVERY_MS, signal).catch(() => {})
      }
    })
  }
  // A watch that breaks off sees nothing more; then the bars on what it should have seen are missed.
  look().catch(() => {})
  return signs
}

async function namesFlags(target: Target): Promise<boolean> {
  const asked = { method: 'GET', path: '/readyz', signal: AbortSignal.timeout(LOOK_DEADLINE_MS) } as const
  const reply = await target.send(asked).catch(() => null)
  if (!reply) return false
  const { dependencies } = JSON.parse(reply.body) as { dependencies: { name: string; state: string }[] }
  return dependencies.some(({ name, state }) => name === 'flags' && state !== 'ok')
}

/** The process of one contestant: it opens what the contestant's module says, and works when it is told to. */
import { monotonicMs } from '../../drills/frame/clock.ts'
import type { WorkReport } from '../contestant.ts'
import { readCpuMs } from '../figures/cpu.ts'
import type { FromPeer, Open, Opened, ToPeer } from './peer.ts'

let opened: Opened | undefined

process.on('disconnect', () => process.exit())
process.on('SIGINT', () => {})
process.on('message', async (message: ToPeer) => {
  const say = (said: FromPeer) => process.send?.(said)
  try {
    if (message.type === 'open') {
      const { open } = (await import(message.module)) as { open: Open }
      opened = await open(message.given)
      say({ type: 'opened', ask: 'ask' in opened ? opened.ask : null })
    } else say({ type: 'worked', report: await work(message.work) })
  } catch (error) {
    say({ type: 'failed', message: error instanceof Error ? error.stack! : String(error) })
  }
})

async function work({ warmMs, forMs, storeRoots }: Extract<ToPeer, { type: 'work' }>['work']): Promise<WorkReport> {
  if (!opened || 'ask' in opened) throw new Error('This contestant is asked over HTTP.')
  await opened.work({ untilMs: monotonicMs() + warmMs })
  const before = { own: process.cpuUsage(), stores: readCpuMs(storeRoots), atMs: monotonicMs() }
  const operations = await opened.work({ untilMs: before.atMs + forMs })
  const elapsedMs = monotonicMs() - before.atMs
  const own = process.cpuUsage(before.own)
  const stores = readCpuMs(storeRoots)
  return {
    operations,
    elapsedMs,
    serverCpuMs: (own.user + own.system) / 1000,
    storesCpuMs: stores === null || before.stores === null ? null : stores - before.stores,
  }
}

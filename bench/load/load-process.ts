/** The generator: a process of its own, so that it shares neither event loop nor memory with what it asks. */
import { poissonArrivals } from '../../drills/load/arrivals.ts'
import { readCpuMs } from '../figures/cpu.ts'
import type { Sample } from '../figures/sample.ts'
import type { Ask, AskOneThing, OpenJourney } from './ask.ts'
import { askClosed } from './closed-loop.ts'
import type { Lane, LoopReport } from './lane.ts'
import { askOpen } from './open-loop.ts'
import { openConnection, requestOf, statusOf } from './raw-client.ts'

export interface LoadRun {
  name: string
  model: { kind: 'closed'; operationsMax: number } | { kind: 'open'; perSecond: number; seed: number }
  lanes: number
  warmMs: number
  forMs: number
  serverRoots: readonly number[]
  storeRoots: readonly number[]
}
export type ToLoad = { type: 'prepare'; name: string; ask: Ask } | { type: 'run'; run: LoadRun }
export type FromLoad = { type: 'ready' } | { type: 'sample'; sample: Sample } | { type: 'failed'; message: string }

/** Makes the lanes of one measurement; what they share (the next person, a mail sink) lives as long as the process. */
type OpenLanes = (count: number) => {
  lanes: Lane[]
  /** From now on answers are counted. */
  count(): void
  /** What is to be said against the measurement as a whole. */
  close(): string | null
}
const OTHERS_SHARE_MAX = 0.1
const prepared = new Map<string, OpenLanes>()

process.on('disconnect', () => process.exit())
process.on('SIGINT', () => {})
process.on('message', async (message: ToLoad) => {
  const say = (said: FromLoad) => process.send?.(said)
  try {
    if (message.type === 'run') return say({ type: 'sample', sample: await measure(message.run) })
    const { name, ask } = message
    prepared.set(name, ask.kind === 'request' ? requestsOf(ask) : await journeysOf(ask))
    say({ type: 'ready' })
  } catch (error) {
    say({ type: 'failed', message: error instanceof Error ? error.stack! : String(error) })
  }
})

async function measure(run: LoadRun): Promise<Sample> {
  const { name, model, warmMs, forMs } = run
  const { lanes, count, close } = prepared.get(name)!(run.lanes)
  let before = readUsage(run)
  const onCounting = () => {
    before = readUsage(run)
    count()
  }
  let report: LoopReport
  if (model.kind === 'closed') {
    report = await askClosed({ lanes, warmMs, forMs, operationsMax: model.operationsMax, onCounting })
  } else {
    const arrivals = poissonArrivals({ perSecond: model.perSecond, forMs: warmMs + forMs, seed: model.seed })
    report = await askOpen({ lanes, arrivals, warmMs, onCounting })
  }
  const after = readUsage(run)
  const whole = close()
  const complaint = report.complaint ?? whole
  return {
    ...report,
    ...(complaint !== null && report.complaint === null && { complaint, failed: report.operations }),
    serverCpuMs: difference(after.server, before.server),
    storesCpuMs: difference(after.stores, before.stores),
    generatorCpuMs: after.own - before.own,
  }
}

function readUsage({ serverRoots, storeRoots }: LoadRun) {
  const { user, system } = process.cpuUsage()
  return { server: readCpuMs(serverRoots), stores: readCpuMs(storeRoots), own: (user + system) / 1000 }
}

function difference(after: number | null, before: number | null): number | null {
  return after === null || before === null ? null : after - before
}

function requestsOf({ url, path, credentials, bodies, status = 200, expect, mostly }: AskOneThing): OpenLanes {
  const { host } = new URL(url)
  const method = bodies ? 'POST' : 'GET'
  const requests = credentials.map((line, index) =>
    requestOf({ method, path, host, headers: line.split('\n'), json: bodies?.[index] }),
  )
  let next = 0
  return (count) => {
    const connections = Array.from({ length: count }, () => openConnection(url))
    let [answers, others] = [0, 0]
    const judge = (answer: string | null) => {
      answers++
      if (mostly !== undefined && answer?.includes(mostly) !== true) others++
      return complaintAbout(answer, status, expect)
    }
    const lanes = connections.map(
      (connection): Lane => ({
        go(done) {
          connection.send(requests[next]!, (answer) => done(judge(answer)))
          next = next + 1 === requests.length ? 0 : next + 1
        },
      }),
    )
    const close = () => {
      for (const connection of connections) connection.close()
      return others > answers * OTHERS_SHARE_MAX ? `${others} of ${answers} answers were without ${mostly}` : null
    }
    const startCounting = () => {
      ;[answers, others] = [0, 0]
    }
    return { lanes, count: startCounting, close }
  }
}

function complaintAbout(answer: string | null, status: number, expect: string): string | null {
  if (answer === null) return 'the connection was cut'
  if (statusOf(answer) !== status) return `answered ${statusOf(answer)}`
  return answer.includes(expect) ? null : `"${expect}" is not in the answer`
}

async function journeysOf(ask: Extract<Ask, { kind: 'journey' }>): Promise<OpenLanes> {
  const { openJourney } = (await import(ask.module)) as { openJourney: OpenJourney }
  const openLane = await openJourney(ask.url, ask.setup as never)
  let people = 0
  return (count) => {
    const lanes = Array.from({ length: count }, (): Lane => {
      const journey = openLane()
      return {
        go: (done) => {
          journey(people++).then(done, (error: Error) => done(error.message))
        },
      }
    })
    return { lanes, count() {}, close: () => null }
  }
}

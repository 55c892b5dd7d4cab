import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { within } from '../platform/deadline.ts'
import type { Logger } from '../platform/log.ts'
import { openBackOff } from './back-off.ts'

export interface KeepProcessesOptions {
  count: number
  /** A TypeScript file and its arguments; `--process <number>` is added. */
  program: readonly [file: string, ...words: string[]]
  log: Logger
  /** What a process says that is not for its siblings. */
  onMessage(message: unknown): void
  /** A process cannot start for a reason that a person has to resolve; it has said so itself. */
  onRefused(): void
}

export interface KeptProcesses {
  /** Once all of them listen. */
  start(): Promise<void>
  /** One after the other: no request fails, because the others take what comes meanwhile. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** What one process tells all others through us; nothing in it is needed but soon. */
export const READ_ON = 'read-on'
/** Asked of one process: serve what is under way, take nothing new, end. */
export const LEAVE = 'leave'

/** A migration may take a minute, and a start as long as that. */
const READY_MS = 120_000
/** Access waits 3 s for its connections, and as long for its work. */
const LEAVE_MS = 10_000
/** As in `main.ts`, and a little: then it is killed. */
const STOP_MS = 3500
const REFUSED_EXIT_CODE = 2

interface Place {
  number: number
  worker: Worker | undefined
  readyAt: number | undefined
  /** Of this process, or of the one that is started in its stead when it crashes before. */
  ready: PromiseWithResolvers<void>
  isLeaving: boolean
  waiting: NodeJS.Timeout | undefined
  backOff: ReturnType<typeof openBackOff>
}

const emptyPlace = (number: number): Place => {
  const empty = { worker: undefined, readyAt: undefined, waiting: undefined, isLeaving: false }
  return { ...empty, number, ready: Promise.withResolvers(), backOff: openBackOff() }
}

/**
 * Several processes on one port (decision 0026). This one holds the listening socket and does nothing else; what a
 * process of a place has on disk is its successor's, so that a place is empty before it is filled again.
 */
export function keepProcesses(options: KeepProcessesOptions): KeptProcesses {
  const { log } = options
  const places = Array.from({ length: options.count }, (_, index) => emptyPlace(index + 1))
  let isStopping = false
  let rolling: Promise<void> | undefined

  /** Resolves when it listens; when it is refused, never. */
  function fill(place: Place): Promise<void> {
    if (place.readyAt !== undefined) place.ready = Promise.withResolvers()
    const [exec, ...words] = options.program
    cluster.setupPrimary({ exec, args: [...words, '--process', String(place.number)] })
    const worker = cluster.fork()
    place.worker = worker
    place.readyAt = undefined
    worker.on('message', (message: { kind?: unknown }) => {
      if (message.kind === READ_ON) return tellOthers(place, message)
      if (message.kind !== 'ready') return options.onMessage(message)
      place.readyAt = performance.now()
      place.ready.resolve()
    })
    worker.once('exit', (code, signal) => ended(place, code, signal))
    return place.ready.promise
  }

  function tellOthers(from: Place, message: { kind?: unknown }): void {
    for (const place of places) if (place !== from && place.worker?.isConnected()) place.worker.send(message)
  }

  function ended(place: Place, code: number | null, signal: string | null): void {
    const ranForMs = place.readyAt === undefined ? 0 : performance.now() - place.readyAt
    const wasReady = place.readyAt !== undefined
    place.worker = undefined
    if (isStopping || place.isLeaving) return
    if (code === REFUSED_EXIT_CODE && !wasReady) {
      options.onRefused()
      return
    }
    const delayMs = place.backOff.nextMs(ranForMs)
    log.warn({ number: place.number, code, signal, delayMs }, 'an access process ended; starting it again')
    place.waiting = setTimeout(() => void fill(place), delayMs)
  }

  async function replace(place: Place): Promise<void> {
    clearTimeout(place.waiting)
    const { worker } = place
    if (worker) {
      place.isLeaving = true
      const exited = once(worker, 'exit')
      if (worker.isConnected()) worker.send({ kind: LEAVE })
      await within(LEAVE_MS, 'a leaving process', exited).catch(async () => {
        worker.process.kill('SIGKILL')
        await exited
      })
      place.isLeaving = false
    }
    if (!isStopping) await within(READY_MS, 'a new process', fill(place))
  }

  async function replaceAll(): Promise<void> {
    for (const place of places) {
      if (isStopping) return
      await replace(place)
      log.info({ number: place.number }, 'an access process was replaced')
    }
  }

  return {
    async start() {
      // The first alone: it migrates, and what it refuses need not be said by all.
      await fill(places[0]!)
      await Promise.all(places.slice(1).map(fill))
    },
    restart() {
      rolling ??= replaceAll()
        .catch((error) => log.error({ err: error }, 'the rolling restart could not be completed'))
        .finally(() => {
          rolling = undefined
        })
      return rolling
    },
    async stop() {
      isStopping = true
      await Promise.all(places.map((place) => end(place)))
    },
  }
}

async function end({ worker, waiting }: Place): Promise<void> {
  clearTimeout(waiting)
  if (!worker) return
  const exited = once(worker, 'exit')
  worker.process.kill('SIGTERM')
  await within(STOP_MS, 'an access process', exited).catch(() => worker.process.kill('SIGKILL'))
}

import { monotonicMs } from '../frame/clock.ts'
import { type LatencySummary, summarize } from './latency.ts'

/** What one arrival found. `late` and `not_sent` are the generator's own words; the others are the door's. */
export type Outcome = 'valid' | 'invalid' | 'unknown' | 'failed' | 'late' | 'not_sent'

export interface Seen {
  outcome: Exclude<Outcome, 'late' | 'not_sent'>
  source?: string
  ageMs?: number
  /** An error code or a reason, for the details of the card; never a secret. */
  note?: string
  /** The answer took a session cookie away. */
  clears?: boolean
  /** What a later check needs, such as the cookies of a session that was acknowledged. */
  keep?: unknown
}

export interface Observation extends Omit<Seen, 'outcome'> {
  stream: string
  subject: number
  outcome: Outcome
  /** Monotonic ms. Latency is `endedMs - intendedMs`: what a person who came then has waited. */
  intendedMs: number
  /** Null when it was never sent. */
  sentMs: number | null
  endedMs: number
}

export interface Stream {
  name: string
  arrivals: Float64Array
  /** Counted from the intended start. */
  deadlineMs: number
  subjectOf(index: number): number
  act(subject: number, signal: AbortSignal): Promise<Seen>
}

export interface LoadReport {
  observations: Observation[]
  planned: number
  lag: LatencySummary | null
  /** Of one core, over the whole run. */
  cpuPercent: number
  shortestDeadlineMs: number
}

export interface Generation {
  streams: Stream[]
  startAtMs: number
  /** Guards the memory of the generator. What does not fit is recorded as not sent, with the latency of its deadline. */
  inFlightMax: number
  signal: AbortSignal
  /** Ends the run before its last arrival: nobody comes any more, and whoever is on the way is waited for. */
  finish?: AbortSignal
  /** For a progress line: what the last second has brought. */
  onSecond?: (second: Second) => void
}

export interface Second {
  answered: number
  valid: number
}

const SECOND_MS = 1000

/**
 * The open model: arrivals come when the schedule says, whatever became of those before. A closed loop, which waits for
 * an answer before it asks again, hides a stall of the server a hundredfold (reference/assurance.md §4.1).
 */
export async function generate(generation: Generation): Promise<LoadReport> {
  const { streams, inFlightMax, signal, finish } = generation
  const queue = inOrder(generation)
  const observations: Observation[] = []
  const telling = tellSeconds(observations, generation.onSecond)
  const flights = new Set<Promise<void>>()
  const cpuBefore = process.cpuUsage()
  const beganMs = monotonicMs()

  let next = 0
  while (next < queue.length && !finish?.aborted) {
    await dueTime(queue[next]!.dueMs, signal)
    for (const nowMs = monotonicMs(); next < queue.length && queue[next]!.dueMs <= nowMs; next++) {
      const arrival = queue[next]!
      if (flights.size >= inFlightMax) {
        observations.push(notSent(arrival))
        continue
      }
      const flight = fly(arrival, signal).then((observation) => {
        observations.push(observation)
      })
      flights.add(flight)
      flight.finally(() => flights.delete(flight))
    }
  }
  await Promise.all(flights)
  clearInterval(telling)

  const cpu = process.cpuUsage(cpuBefore)
  return {
    observations,
    planned: next,
    lag: summarize(observations.flatMap((one) => (one.sentMs === null ? [] : [one.sentMs - one.intendedMs]))),
    cpuPercent: Math.round((cpu.user + cpu.system) / 10 / Math.max(1, monotonicMs() - beganMs)),
    shortestDeadlineMs: Math.min(...streams.map((stream) => stream.deadlineMs)),
  }
}

interface Arrival {
  stream: Stream
  subject: number
  dueMs: number
}

function inOrder({ streams, startAtMs }: Generation): Arrival[] {
  return streams
    .flatMap((stream) =>
      Array.from(stream.arrivals, (offsetMs, index) => ({
        stream,
        subject: stream.subjectOf(index),
        dueMs: startAtMs + offsetMs,
      })),
    )
    .sort((left, right) => left.dueMs - right.dueMs)
}

/**
 * Timers, not a spinning loop: on two cores that the servers need too, a spin would take half of what is measured. It
 * costs up to a millisecond of lag, which is measured and counted against the door.
 */
function dueTime(dueMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const leftMs = dueMs - monotonicMs()
  if (leftMs <= 0) return Promise.resolve()
  return new Promise((resolve) => setTimeout(resolve, Math.ceil(leftMs)))
}

/** One arrival, from its being sent to its answer or its deadline. An answer after the deadline is nobody's any more. */
function fly({ stream, subject, dueMs }: Arrival, signal: AbortSignal): Promise<Observation> {
  const sentMs = monotonicMs()
  const deadline = new AbortController()
  const whole = { stream: stream.name, subject, intendedMs: dueMs, sentMs }
  return new Promise((resolve) => {
    const stop = () => {
      deadline.abort()
      resolve({ ...whole, outcome: 'late', endedMs: dueMs + stream.deadlineMs })
    }
    const timer = setTimeout(stop, Math.max(0, dueMs + stream.deadlineMs - sentMs))
    signal.addEventListener('abort', stop, { once: true })
    stream
      .act(subject, deadline.signal)
      .catch((error: unknown): Seen => ({ outcome: 'failed', note: noteOf(error) }))
      .then((seen) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
        resolve({ ...whole, ...seen, endedMs: monotonicMs() })
      })
  })
}

function tellSeconds(observations: Observation[], onSecond: Generation['onSecond']): NodeJS.Timeout | undefined {
  if (!onSecond) return undefined
  let told = 0
  const timer = setInterval(() => {
    const since = observations.slice(told)
    told = observations.length
    onSecond({ answered: since.length, valid: since.filter((one) => one.outcome === 'valid').length })
  }, SECOND_MS)
  return timer.unref()
}

function notSent({ stream, subject, dueMs }: Arrival): Observation {
  const endedMs = dueMs + stream.deadlineMs
  return { stream: stream.name, subject, intendedMs: dueMs, sentMs: null, endedMs, outcome: 'not_sent' }
}

function noteOf(error: unknown): string {
  return (error as { code?: string })?.code ?? (error instanceof Error ? error.name : 'error')
}

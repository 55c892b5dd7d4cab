import type { Clock } from '../clock.ts'
import type { Connection } from './connection.ts'
import { Link, type LinkHealth, type LinkOptions } from './link.ts'

/**
 * A cache that may vanish. It never throws, never lets anybody wait longer than its deadline, and what it does not know is
 * `undefined`: whether it was never there, evicted, wiped, or cannot be asked makes no difference to whoever reads.
 */
export interface Cache extends AsyncDisposable {
  /** Reads of one turn of the loop travel together. */
  read(key: string): Promise<Buffer | undefined>
  /** Waits for nobody; dropped when too much is under way already. */
  write(key: string, value: string, life: { ms: number; how: 'always' | 'if-absent' }): void
  /** Resolves when all that is under way has been answered or given up. */
  settled(): Promise<void>
  readonly health: LinkHealth
  readonly breaker: 'closed' | 'open' | 'half-open'
  figures(): CacheFigures
}

export interface CacheFigures {
  hits: number
  misses: number
  /** Reads that found the cache away, too busy, or too slow. */
  unasked: number
  failed: number
  written: number
  /** Refused by a cache that is full. */
  refused: number
  /** Not even sent: too much was under way. */
  dropped: number
  wipes: number
  openings: number
}

/** Keys in one command: what a server reads within a millisecond. */
const READ_BATCH_MAX = 500
/** Commands under way; each waits its deadline at most, so this bounds memory as well. */
const READS_MAX = 16
/** A refill after a wipe must not take the connection from those who read. */
const WRITES_MAX = 64
const WRITE_BYTES_MAX = 1024 * 1024
/** A full cache is not asked to take more for so long; a half to one and a half of it. */
const FULL_PAUSE_MS = 1000

interface Waiting {
  key: string
  resolve(value: Buffer | undefined): void
}

export function openCache(options: LinkOptions): Cache {
  const link = new Link(options)
  const counts: CacheFigures = {
    hits: 0,
    misses: 0,
    unasked: 0,
    failed: 0,
    written: 0,
    refused: 0,
    dropped: 0,
    wipes: 0,
    openings: 0,
  }
  const work = new Set<Promise<void>>()
  const reader = openReader(link, counts, work)
  const writer = openWriter(link, counts, options.clock, work)
  return {
    read: reader,
    write: writer,
    async settled() {
      while (work.size > 0) await Promise.all(work)
    },
    get health() {
      return link.health
    },
    get breaker() {
      return link.breaker
    },
    figures: () => ({ ...counts, wipes: link.wipes, openings: link.openings }),
    async [Symbol.asyncDispose]() {
      link.close()
      await Promise.all(work)
    },
  }
}

function openReader(link: Link, counts: CacheFigures, work: Set<Promise<void>>) {
  let queue: Waiting[] = []
  let underWay = 0

  function send(): void {
    const batch = queue
    queue = []
    const { connection } = link
    for (let from = 0; from < batch.length; from += READ_BATCH_MAX) {
      const part = batch.slice(from, from + READ_BATCH_MAX)
      if (!connection || underWay >= READS_MAX) pass(part)
      else during(work, ask(connection, part))
    }
  }

  function pass(part: readonly Waiting[]): void {
    counts.unasked += part.length
    for (const each of part) each.resolve(undefined)
  }

  async function ask(connection: Connection, part: readonly Waiting[]): Promise<void> {
    underWay += 1
    const idleMs = startIdleWatch()
    try {
      const found = await connection.getMany(part.map(({ key }) => key))
      for (const [index, each] of part.entries()) {
        const value = found[index] ?? undefined
        counts[value ? 'hits' : 'misses'] += 1
        each.resolve(value)
      }
      link.answered(connection, idleMs())
    } catch {
      // Too late, lost, refused: each is a miss, and the breaker's to judge.
      counts.failed += part.length
      for (const each of part) each.resolve(undefined)
      link.missed(connection)
    } finally {
      underWay -= 1
    }
  }

  return (key: string): Promise<Buffer | undefined> => {
    if (!link.connection) {
      counts.unasked += 1
      return Promise.resolve(undefined)
    }
    return new Promise((resolve) => {
      queue.push({ key, resolve })
      if (queue.length === 1) setImmediate(send)
    })
  }
}

function openWriter(link: Link, counts: CacheFigures, clock: Clock, work: Set<Promise<void>>): Cache['write'] {
  let underWay = 0
  let bytes = 0
  let pausedUntilMs = 0

  async function put(connection: Connection, ...[key, value, life]: Parameters<Cache['write']>): Promise<void> {
    underWay += 1
    bytes += value.length
    const idleMs = startIdleWatch()
    try {
      await connection.set(key, value, life)
      counts.written += 1
      link.answered(connection, idleMs())
      link.full(false)
    } catch (error) {
      refused(connection, (error as Error).message)
    } finally {
      underWay -= 1
      bytes -= value.length
    }
  }

  function refused(connection: Connection, words: string): void {
    counts.refused += 1
    if (words.startsWith('OOM')) {
      pausedUntilMs = clock.monotonicMs() + FULL_PAUSE_MS * (0.5 + Math.random())
      link.full(true)
    } else if (words.startsWith('READONLY')) link.moved(connection)
    else link.missed(connection)
  }

  return (key, value, life) => {
    const { connection } = link
    const isBusy = underWay >= WRITES_MAX || bytes + value.length > WRITE_BYTES_MAX
    if (!connection || isBusy || clock.monotonicMs() < pausedUntilMs) counts.dropped += 1
    else during(work, put(connection, key, value, life))
  }
}

/** Milliseconds without anything to do: what we ourselves were busy with is not the cache's slowness. */
function startIdleWatch(): () => number {
  const began = performance.eventLoopUtilization()
  return () => performance.eventLoopUtilization(began).idle
}

function during(work: Set<Promise<void>>, one: Promise<void>): void {
  work.add(one)
  void one.finally(() => work.delete(one))
}

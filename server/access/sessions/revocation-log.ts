import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DeadlineEvent, RevocationEvent } from '../../../sdk/contract.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import { toldAfter } from './deadlines/queries.ts'
import { openDeadlineLog } from './deadlines/deadline-log.ts'
import { type Behind, watchForForgotten } from './forgotten-ends.ts'
import * as queries from './queries.ts'
import { openReadMarker } from './shared-cache/read-marker.ts'

/**
 * Every session that ended while a proof of it may still be about. In memory for the read path, on disk so that a
 * restart in an outage resurrects nobody (design §5), and read on from PostgreSQL once a second, so that what another
 * process ended is known here.
 */
export interface RevocationLog extends AsyncDisposable {
  find(sessionId: string): RevocationEvent | undefined
  /**
   * By when a session of fail-over has to have been proven at its provider; null: lifted; undefined: none was announced, or none
   * since its row was read.
   */
  deadlineOf(sessionId: string, readAt?: Date): Date | null | undefined
  /** What a feed that stopped at `seq` has missed, oldest first. */
  after(seq: number): (RevocationEvent | DeadlineEvent)[]
  readonly seq: number
  /** When PostgreSQL last confirmed that nothing is missing; null: not since this process started. */
  readonly confirmedAt: Date | null
  /** Until when nothing is missing; before the first reading of this process, that of the one before it on this disk. */
  readonly coversUntil: Date | null
  /** Durable when it resolves. `seq` 0: ended here while the database was away; it gets its number later. */
  add(events: readonly RevocationEvent[]): Promise<void>
  addDeadlines(events: readonly DeadlineEvent[]): Promise<void>
  /** Reads on; returns how many were new. */
  poll(): Promise<number>
  /** Set by a poll that met a database which no longer holds what was read from it, until `settle`. */
  behind(): Behind | undefined
  settle(behind: Behind): void
  all(): RevocationEvent[]
  forget(): void
  onAdded(listener: (event: RevocationEvent) => void): () => void
  onDeadline(listener: (event: DeadlineEvent) => void): () => void
}

type Told = RevocationEvent | DeadlineEvent
const isDeadline = (event: Told): event is DeadlineEvent => 'due_at' in event
const isEnd = (event: Told): event is RevocationEvent => !isDeadline(event)

const POLL_ROWS = 1000
/** One revocation is 150 bytes; a million is a day of twelve a second. Beyond that the oldest go first. */
const ENTRIES_MAX = 1_000_000

export async function openRevocationLog(options: { db: Database; clock: Clock; file: string }): Promise<RevocationLog> {
  const { db, clock } = options
  const kept = openKept(clock)
  const deadlines = await openDeadlineLog({ clock, file: join(dirname(options.file), 'deadlines.jsonl') })
  /**
   * How far PostgreSQL was read; behind `seq` after the database was put back to an earlier state. After a start the last page is
   * read again: a crash may have come between the two files, and what is ours is kept before the numbers below it are read.
   */
  let cursor: number | undefined
  let confirmedAt: Date | null = null
  let isReadWhole = false
  const forgotten = watchForForgotten(options)
  const marker = await openReadMarker(options.file)
  for (const event of await readKept(options.file)) {
    if (event.seq > kept.seq) forgotten.read(event)
    kept.keep(event)
  }
  kept.forget()
  await replaceFile(
    options.file,
    kept
      .all()
      .map((event) => `${JSON.stringify(event)}\n`)
      .join(''),
  )
  const file = await openToAppend(options.file)
  // What lay on disk was heard before.
  kept.onLate = forgotten.notedLate
  const { add, onAdded } = openAdding(kept, file)
  // One numbering for both: who reads on needs one place.
  const seqNow = () => Math.max(kept.seq, deadlines.seq)

  return {
    find: kept.find,
    after: (from) =>
      [...kept.all(), ...deadlines.all()].filter((event) => event.seq > from).sort((one, other) => one.seq - other.seq),
    get seq() {
      return seqNow()
    },
    deadlineOf: deadlines.find,
    addDeadlines: deadlines.add,
    onDeadline: deadlines.onAdded,
    get confirmedAt() {
      return confirmedAt
    },
    add,
    behind: () => (isReadWhole ? forgotten.behind() : undefined),
    settle: forgotten.settle,
    all: kept.all,
    get coversUntil() {
      return confirmedAt ?? marker.keptAt
    },
    async poll() {
      const askedAt = clock.now()
      // Its new numbers are read from the start; what we hold is kept.
      if (await forgotten.look(await queries.revocationHead(db), seqNow())) cursor = 0
      cursor ??= Math.max(0, seqNow() - POLL_ROWS)
      const events = await toldAfter(db, cursor, POLL_ROWS)
      cursor = events.at(-1)?.seq ?? cursor
      isReadWhole = events.length < POLL_ROWS
      forgotten.read(events.at(-1))
      await addInOrder(events, { add, addDeadlines: deadlines.add })
      // A full page means that there is more: only the last one confirms.
      if (isReadWhole) {
        confirmedAt = askedAt
        await marker.touch(askedAt)
      }
      return events.length
    },
    forget() {
      kept.forget()
      deadlines.forget()
    },
    onAdded,
    async [Symbol.asyncDispose]() {
      await deadlines[Symbol.asyncDispose]()
      await file.close()
    },
  }
}

/** As their numbers are, so that whoever reads along can read on after any; all are in memory before the disk is asked. */
async function addInOrder(
  events: readonly Told[],
  { add, addDeadlines }: Pick<RevocationLog, 'add' | 'addDeadlines'>,
): Promise<void> {
  const written: Promise<void>[] = []
  for (let from = 0, until: number; from < events.length; from = until) {
    const isOne = isDeadline(events[from]!)
    const other = events.findIndex((event, index) => index > from && isDeadline(event) !== isOne)
    until = other === -1 ? events.length : other
    const run = events.slice(from, until)
    written.push(isOne ? addDeadlines(run.filter(isDeadline)) : add(run.filter(isEnd)))
  }
  const failed = (await Promise.allSettled(written)).find(({ status }) => status === 'rejected')
  // Honoured all the same: what the disk did not take is for the next start alone.
  if (failed) throw (failed as PromiseRejectedResult).reason
}

/** Honoured at once; the disk is for the next start. */
function openAdding(kept: ReturnType<typeof openKept>, file: FileHandle) {
  const listeners = new Set<(event: RevocationEvent) => void>()
  return {
    async add(events: readonly RevocationEvent[]): Promise<void> {
      if (events.length === 0) return
      const added = events.filter(kept.keep)
      for (const event of added) for (const listener of listeners) listener(event)
      await file.appendFile(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
      await file.datasync()
    },
    onAdded(listener: (event: RevocationEvent) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** In memory: by session, with the highest number of all. */
function openKept(clock: Clock) {
  const entries = new Map<string, RevocationEvent>()
  const kept = {
    seq: 0,
    /** Told of what is new under a number that is not the highest. */
    onLate: (_: RevocationEvent) => {},
    find: (sessionId: string) => entries.get(sessionId),
    all: () => [...entries.values()],
    keep,
    forget,
  }

  function keep(event: RevocationEvent): boolean {
    const isLate = event.seq > 0 && event.seq <= kept.seq
    kept.seq = Math.max(kept.seq, event.seq)
    const known = entries.get(event.session_id)
    if (known && (known.seq > 0 || event.seq === 0)) return false
    entries.set(event.session_id, event)
    if (isLate) kept.onLate(event)
    return !known
  }

  function forget(): void {
    const now = clock.now().toISOString()
    for (const [id, event] of entries) {
      if (event.forget_at > now && entries.size <= ENTRIES_MAX) break
      if (event.forget_at <= now || entries.size > ENTRIES_MAX) entries.delete(id)
    }
  }

  return kept
}

async function readKept(path: string): Promise<RevocationEvent[]> {
  const lines = ((await readFileIfThere(path)) ?? '').split('\n').filter(Boolean)
  return lines.flatMap((line, index) => {
    try {
      return [JSON.parse(line) as RevocationEvent]
    } catch (error) {
      // Only the last line can be torn by a crash; anything else is damage that must be seen.
      if (index === lines.length - 1) return []
      throw new Error(`${path} is damaged in line ${index + 1}`, { cause: error })
    }
  })
}

async function openToAppend(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  return open(path, 'a', 0o600)
}

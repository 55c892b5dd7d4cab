import { type FileHandle, open } from 'node:fs/promises'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type DeadlineEvent, GRACE_MS, PROOF_LIFE_MS, type RevocationEvent, reasons } from './contract.ts'
import { readFileIfThere, replaceFile } from './replace-file.ts'
import { assertSameEnvironment, type OnProblem } from './stamp.ts'

/** First line of the file. `seq`: where to read the feed on from when the lines below say nothing newer. */
interface Header {
  holdfast: 'revocations'
  environment: string
  seq: number
  /** Entries that the file was written with: fewer of them below is damage, and not a torn end. */
  count: number
  floor_ms: number
}

/** At about 250 bytes each, 50 MB: two a second for a whole day. */
const REVOCATIONS_MAX = 200_000
/** By then no proof of that session is accepted here, grace and a minute of clock skew included. */
const NEEDED_MS = PROOF_LIFE_MS + GRACE_MS + 60_000
/** Lines of the file that nobody needs any more, before it is written anew. */
const IDLE_LINES_MAX = 5_000
/** A full disk is tried again this often; meanwhile memory knows. */
const WRITE_AGAIN_MS = 5_000

/**
 * Every session that ended while a proof of it may still be about: in memory for the read path, and on disk so that a
 * restart resurrects nobody. One line an entry, appended and synced in batches; a torn last line is dropped, and after
 * damage anywhere else the feed is read again from there.
 */
export class RevocationLog {
  readonly #file: string
  readonly #environment: string
  readonly #now: () => number
  readonly #onProblem: OnProblem
  readonly #max: number
  readonly #entries = new Map<string, RevocationEvent>()
  readonly #deadlines = new Map<string, DeadlineEvent>()
  #seq = 0
  #floorMs = 0
  /** Lines on disk below the header. */
  #lines = 0
  #pending: string[] = []
  #mustRewrite = false
  #handle: FileHandle | undefined
  #writing: Promise<void> | undefined
  #again: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: {
    dataDir: string
    environment: string
    now: () => number
    onProblem: OnProblem
    /** How many entries are kept at most. */
    max?: number
  }) {
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
    this.#file = join(options.dataDir, 'revocations.jsonl')
    this.#environment = options.environment
    this.#now = options.now
    this.#onProblem = options.onProblem
    this.#max = options.max ?? REVOCATIONS_MAX
    this.#load()
  }

  get size(): number {
    return this.#entries.size
  }

  /** The last number of the feed that is known here: it is read on after it. */
  get seq(): number {
    return this.#seq
  }

  /**
   * A proof issued before this instant may be of a session whose entry was lost, to damage on disk or for want of room:
   * it is not believed by itself, and access is asked. 0 in every life but the strangest.
   */
  get floorMs(): number {
    return this.#floorMs
  }

  /** Whether a session has ended, and how. */
  find(sessionId: string): RevocationEvent | undefined {
    const entry = this.#entries.get(sessionId)
    return entry && Date.parse(entry.forget_at) > this.#now() ? entry : undefined
  }

  /** By when a session of fail-over has to be confirmed at its provider, milliseconds since 1970; undefined: no deadline. */
  dueMs(sessionId: string): number | undefined {
    const dueAt = this.#deadlines.get(sessionId)?.due_at
    return dueAt == null ? undefined : Date.parse(dueAt)
  }

  has(sessionId: string): boolean {
    return this.find(sessionId) !== undefined
  }

  /** Honoured at once; on disk a moment later. False for what is no revocation. */
  add(said: RevocationEvent): boolean {
    if (!isRevocation(said)) return false
    // A reason of a newer access is still an end.
    const event = Object.hasOwn(reasons, said.reason) ? said : { ...said, reason: 'revoked' as const }
    this.#seq = Math.max(this.#seq, event.seq)
    this.#entries.delete(event.session_id)
    this.#entries.set(event.session_id, event)
    this.#forget()
    this.#pending.push(lineOf(event))
    this.#schedule()
    return true
  }

  /** As `add`, of a deadline. One that was lifted stays as such, until nobody can ask any more. */
  addDeadline(event: DeadlineEvent): boolean {
    if (!isDeadline(event)) return false
    this.#seq = Math.max(this.#seq, event.seq)
    this.#keepDeadline(event)
    this.#pending.push(lineOfDeadline(event))
    this.#schedule()
    return true
  }

  #keepDeadline(event: DeadlineEvent): void {
    // Told again from the beginning, the last one has the last word.
    this.#deadlines.delete(event.session_id)
    this.#deadlines.set(event.session_id, event)
    const now = this.#now()
    for (const [id, { forget_at }] of this.#deadlines) {
      if (Date.parse(forget_at) > now && this.#deadlines.size <= this.#max) return
      this.#deadlines.delete(id)
    }
  }

  /** Reads the feed on from an earlier number: the database was put back, or another installation had spoken. */
  rewind(seq: number): void {
    if (seq >= this.#seq) return
    this.#seq = seq
    this.#mustRewrite = true
    this.#schedule()
  }

  /** Resolves when everything added so far is on disk, or was reported as a problem. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush()
    this.#isClosed = true
    clearTimeout(this.#again)
    await this.#handle?.close()
    this.#handle = undefined
  }

  #load(): void {
    const text = readFileIfThere(this.#file)
    if (text === undefined) return
    const lines = text.split('\n')
    // Behind the last newline there is nothing, or a line that a crash has torn.
    const isTorn = lines.pop() !== ''
    const header = parse<Header>(lines[0] ?? '')
    if (header?.holdfast !== 'revocations') {
      this.#distrust()
      return
    }
    assertSameEnvironment(this.#file, header.environment, this.#environment)
    this.#seq = Number(header.seq) || 0
    this.#floorMs = Number(header.floor_ms) || 0
    const events = lines.slice(1).map((line) => parse<RevocationEvent | DeadlineEvent>(line))
    for (const event of events) {
      if (!isWell(event)) continue
      if ('due_at' in event) this.#keepDeadline(event)
      else this.#entries.set(event.session_id, event)
      this.#seq = Math.max(this.#seq, event.seq)
    }
    this.#lines = events.length
    this.#mustRewrite = isTorn
    this.#forget()
    const isWhole = events.length >= Number(header.count) && events.every(isWell)
    if (!isWhole) this.#distrust()
  }

  /** What was lost is not known: all is read again, and until then no older proof is believed by itself. */
  #distrust(): void {
    this.#seq = 0
    this.#floorMs = this.#now()
    this.#mustRewrite = true
    this.#onProblem(`${this.#file} is damaged. The revocations are fetched again; until then access is asked.`)
  }

  /** Lines that the file has to have. */
  get #size(): number {
    return this.#entries.size + this.#deadlines.size
  }

  #forget(): void {
    const now = this.#now()
    for (const [id, entry] of this.#entries) {
      const isOver = Date.parse(entry.forget_at) <= now
      if (!isOver && this.#entries.size <= this.#max) return
      if (!isOver) this.#raiseFloor(Date.parse(entry.at), now)
      this.#entries.delete(id)
    }
  }

  #raiseFloor(endedMs: number, now: number): void {
    if (endedMs + NEEDED_MS <= now) return
    this.#floorMs = Math.max(this.#floorMs, endedMs)
    this.#mustRewrite = true
    this.#onProblem(
      `More than ${this.#max} sessions ended within a short time. Proofs from before are no longer believed ` +
        'by themselves; access is asked.',
    )
  }

  #schedule(): void {
    if (this.#writing || this.#isClosed) return
    this.#writing = this.#writeAll()
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#pending.length > 0 || this.#mustRewrite) await this.#writeBatch()
    } catch (error) {
      // Half a batch may be on disk: from here only the whole file is right.
      this.#pending = []
      this.#mustRewrite = true
      this.#onProblem(
        `${this.#file} cannot be written: ${(error as Error).message}. A restart would forget revocations.`,
      )
      this.#again = setTimeout(() => this.#schedule(), WRITE_AGAIN_MS).unref()
    } finally {
      this.#writing = undefined
    }
  }

  async #writeBatch(): Promise<void> {
    const isNew = this.#lines === 0 && !this.#handle
    if (this.#mustRewrite || isNew || this.#lines > 2 * this.#size + IDLE_LINES_MAX) {
      await this.#rewrite()
      return
    }
    this.#handle ??= await open(this.#file, 'a', 0o600)
    const batch = this.#pending
    this.#pending = []
    await this.#handle.appendFile(batch.join(''))
    await this.#handle.datasync()
    this.#lines += batch.length
  }

  async #rewrite(): Promise<void> {
    const header: Header = {
      holdfast: 'revocations',
      environment: this.#environment,
      seq: this.#seq,
      count: this.#size,
      floor_ms: this.#floorMs,
    }
    const entries = [...this.#entries.values()].map(lineOf)
    const deadlines = [...this.#deadlines.values()].map(lineOfDeadline)
    this.#pending = []
    this.#mustRewrite = false
    await this.#handle?.close()
    this.#handle = undefined
    await replaceFile(this.#file, `${JSON.stringify(header)}\n${entries.join('')}${deadlines.join('')}`)
    this.#handle = await open(this.#file, 'a', 0o600)
    this.#lines = entries.length + deadlines.length
  }
}

const lineOf = ({ seq, session_id, reason, at, forget_at }: RevocationEvent) =>
  `${JSON.stringify({ seq, session_id, reason, at, forget_at })}\n`

const lineOfDeadline = ({ seq, session_id, due_at, forget_at }: DeadlineEvent) =>
  `${JSON.stringify({ seq, session_id, due_at, forget_at })}\n`

function parse<Shape>(line: string): Shape | undefined {
  try {
    return JSON.parse(line) as Shape
  } catch {
    return undefined
  }
}

const isWell = (event: RevocationEvent | DeadlineEvent | undefined): event is RevocationEvent | DeadlineEvent =>
  typeof event === 'object' && event !== null && ('due_at' in event ? isDeadline(event) : isRevocation(event))

/** Whether this is a deadline as the contract has it. */
export function isDeadline(event: DeadlineEvent): boolean {
  return (
    typeof event === 'object' &&
    event !== null &&
    Number.isSafeInteger(event.seq) &&
    typeof event.session_id === 'string' &&
    event.session_id.length <= 200 &&
    (event.due_at === null || !Number.isNaN(Date.parse(event.due_at))) &&
    !Number.isNaN(Date.parse(event.forget_at))
  )
}

/** Whether this is a revocation as the contract has it. */
export function isRevocation(event: RevocationEvent): boolean {
  return (
    typeof event === 'object' &&
    event !== null &&
    Number.isSafeInteger(event.seq) &&
    typeof event.session_id === 'string' &&
    event.session_id.length <= 200 &&
    typeof event.reason === 'string' &&
    event.reason.length <= 100 &&
    !Number.isNaN(Date.parse(event.at)) &&
    !Number.isNaN(Date.parse(event.forget_at))
  )
}

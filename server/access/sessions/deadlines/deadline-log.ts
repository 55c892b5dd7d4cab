import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DeadlineEvent } from '../../../../sdk/contract.ts'
import type { Clock } from '../../../platform/clock.ts'
import { readFileIfThere, replaceFile } from '../../../platform/durable-file.ts'

/**
 * By when sessions of fail-over have to have been proven at their provider. In memory for the read path, and on disk beside
 * the ends, so that a restart in an outage of the database takes nobody's deadline away.
 */
export interface DeadlineLog extends AsyncDisposable {
  /**
   * Null: lifted; undefined: none was ever announced, or none since `readAt`. A row that was read after it was heard knows more:
   * a deadline that was lifted may have been put again since.
   */
  find(sessionId: string, readAt?: Date): Date | null | undefined
  all(): DeadlineEvent[]
  /** Of all that it holds or ever held. */
  readonly seq: number
  /** Durable when it resolves. What is older than what is known of a session changes nothing. */
  add(events: readonly DeadlineEvent[]): Promise<void>
  forget(): void
  onAdded(listener: (event: DeadlineEvent) => void): () => void
}

/** 130 bytes each on disk. More people than this in fail-over at once have it from their rows alone. */
const ENTRIES_MAX = 200_000

export async function openDeadlineLog({ clock, file }: { clock: Clock; file: string }): Promise<DeadlineLog> {
  const entries = new Map<string, DeadlineEvent>()
  /** By this process's clock, as readings are. */
  const heardAt = new Map<string, Date>()
  const listeners = new Set<(event: DeadlineEvent) => void>()
  let seq = 0
  for (const event of await readKept(file)) keep(event)
  forget()
  await replaceFile(file, [...entries.values()].map(lineOf).join(''))
  const handle = await openToAppend(file)

  function keep(event: DeadlineEvent): boolean {
    seq = Math.max(seq, event.seq)
    const known = entries.get(event.session_id)
    if (known && known.seq >= event.seq) return false
    entries.delete(event.session_id)
    entries.set(event.session_id, event)
    heardAt.set(event.session_id, clock.now())
    return true
  }

  function forget(): void {
    const now = clock.now().toISOString()
    for (const [id, event] of entries) {
      if (event.forget_at > now && entries.size <= ENTRIES_MAX) break
      entries.delete(id)
      heardAt.delete(id)
    }
  }

  return {
    find(sessionId, readAt) {
      const known = entries.get(sessionId)
      if (!known || (readAt && readAt >= heardAt.get(sessionId)!)) return undefined
      return known.due_at === null ? null : new Date(known.due_at)
    },
    all: () => [...entries.values()],
    get seq() {
      return seq
    },
    async add(events) {
      const added = events.filter(keep)
      if (added.length === 0) return
      for (const event of added) for (const listener of listeners) listener(event)
      await handle.appendFile(added.map(lineOf).join(''))
      await handle.datasync()
    },
    forget,
    onAdded(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      await handle.close()
    },
  }
}

const lineOf = (event: DeadlineEvent) => `${JSON.stringify(event)}\n`

async function readKept(path: string): Promise<DeadlineEvent[]> {
  const lines = ((await readFileIfThere(path)) ?? '').split('\n').filter(Boolean)
  return lines.flatMap((line, index) => {
    try {
      return [JSON.parse(line) as DeadlineEvent]
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

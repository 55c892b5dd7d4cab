import type { Reason } from '../../../sdk/contract.ts'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'

/** A sign-out that PostgreSQL could not be told of yet. */
export interface PendingEnd {
  session_id: string | null
  /** Where the session could not be told from the handle: the handle's digest, base64. */
  handle_digest: string | null
  reason: Reason
  by: string
  at: string
}

/** Durable, so that a person who left in an outage stays out, whatever happens to this process. */
export interface PendingEnds {
  all(): readonly PendingEnd[]
  add(end: PendingEnd): Promise<void>
  remove(end: PendingEnd): Promise<void>
  hasHandle(digest: string): boolean
}

/** People who sign out during one outage; beyond this a sign-out is refused as unknown rather than forgotten. */
export const PENDING_MAX = 100_000

export async function openPendingEnds(file: string): Promise<PendingEnds> {
  const ends = new Map(
    (JSON.parse((await readFileIfThere(file)) ?? '[]') as PendingEnd[]).map((end) => [keyOf(end), end]),
  )
  let writing = Promise.resolve()
  const write = () => {
    // One after the other: each write holds everything that is known when it begins.
    writing = writing.catch(() => {}).then(() => replaceFile(file, JSON.stringify([...ends.values()])))
    return writing
  }
  return {
    all: () => [...ends.values()],
    async add(end) {
      ends.set(keyOf(end), end)
      await write()
    },
    async remove(end) {
      if (ends.delete(keyOf(end))) await write()
    },
    // Nearly always there is none, and then nothing is looked up.
    hasHandle: (digest) => ends.size > 0 && ends.has(digest),
  }
}

const keyOf = (end: PendingEnd) => end.session_id ?? end.handle_digest ?? ''

import { type Secret, SecretRefused } from '../../../platform/secret.ts'
import type { KnownSession } from '../known-sessions.ts'
import type { LiveRow } from '../session.ts'

/** A session as one process read it, for the others. */
export type SharedEntry = Pick<KnownSession, 'row' | 'issuedAt' | 'isSeen' | 'readAt'>

const PURPOSE = 'sessions in the cache'
/** Of the row; as text they are what `toISOString` made of them. */
const TIMES = ['authenticated_at', 'last_seen_at', 'expires_at'] as const

/**
 * Sealed with a key of the secret file, and bound to its place: whoever can write into the cache signs nobody in, neither
 * with a made-up entry nor with another's moved, and whoever reads it learns no address.
 */
export function sealEntry(secret: Secret, key: string, { row, issuedAt, isSeen, readAt }: SharedEntry): string {
  return secret.seal(PURPOSE, JSON.stringify({ key, row, issuedAt, isSeen, readAt }))
}

/** Undefined: forged, torn, of another place or of another secret. No more is known of it than that it is none of ours. */
export function openEntry(secret: Secret, key: string, sealed: string): SharedEntry | undefined {
  try {
    const entry = JSON.parse(secret.unseal(PURPOSE, sealed)) as Written
    if (entry.key !== key) return undefined
    const times = Object.fromEntries(TIMES.map((name) => [name, new Date(entry.row[name])]))
    const dueAt = entry.row.due_at ? new Date(entry.row.due_at) : null
    // Of the previous release it says nothing of providers.
    const ordinary = { proven_by: null, stands_in_for: null }
    const row = { ...ordinary, ...entry.row, ...times, due_at: dueAt } as unknown as LiveRow
    return { row, issuedAt: new Date(entry.issuedAt), isSeen: entry.isSeen, readAt: new Date(entry.readAt) }
  } catch (error) {
    if (error instanceof SecretRefused) return undefined
    throw error
  }
}

interface Written {
  key: string
  row: Record<(typeof TIMES)[number], string> & { due_at: string | null }
  issuedAt: string
  isSeen: boolean
  readAt: string
}

import type { FlagNumber } from '../entry.ts'
import { refuse } from '../refusals.ts'

/** Words of our own addresses: a flag of that name could be made, and never be looked at. */
const RESERVED = new Set([
  ...['snapshot', 'reports', 'fleet', 'try', 'import', 'export', 'restore', 'adopt', 'changes', 'diff', 'segments'],
  ...['rotate-key', 'trust', 'metadata', 'archive', 'delete'],
])

export function assertFree(key: string): void {
  if (RESERVED.has(key)) throw refuse('reserved_key', { key })
  assertAddressable(key)
}

/** Every client makes another address of these, whatever is written in their place. */
export function assertAddressable(key: string): void {
  if (key === '.' || key === '..') throw refuse('reserved_key', { key })
}

/** The shape of the call has the form already; beyond what a number holds it is nobody's. */
export function readNumber(text: string): FlagNumber {
  const [, epoch, seq] = /^e(\d+)\.s(\d+)$/.exec(text) ?? []
  return { epoch: Number(epoch), seq: Number(seq) }
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

export function readInstant(text: string): Date {
  const at = new Date(text)
  if (!INSTANT.test(text) || Number.isNaN(at.getTime())) throw refuse('bad_instant')
  return at
}

export const writeCursor = (text: string) => Buffer.from(text).toString('base64url')

export function readKeyCursor(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString('utf8')
}

export function readChangeCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const [, id] = /^chg_([1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (!id) throw refuse('bad_cursor')
  return Number(id)
}

import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Queries } from '../../../platform/database/index.ts'
import type { Secret } from '../../../platform/secret.ts'
import { anonymiseSessions } from '../../sessions/index.ts'
import { removeStaff } from '../../../ground/environment/index.ts'
import { deleteCodes } from '../break-glass/queries.ts'
import { deleteInvitationsTo } from '../invitations/queries.ts'
import type { Parts } from '../parts.ts'
import * as queries from './queries.ts'

/** Who was deleted, beside the database: a restore of an older backup takes them out again. One JSON line each. */
export const TOMBSTONES_FILE = 'tombstones.jsonl'

export interface Tombstone {
  user_id: string
  at: string
}

/** A passkey that its owner removed: whoever stole it must not have it back by a restore. */
export interface PasskeyTombstone {
  passkey_id: string
  at: string
}

/** A linked identity that was taken away: whoever linked theirs to a stranger's account must not have it back by a restore. */
export interface LinkTombstone {
  linked_identity_id: string
  at: string
}

/**
 * On disk when it returns, with its number. The same person, and the same number, may stand there twice: a crash came between the line
 * and the commit.
 */
export async function appendTombstone(
  db: Queries,
  folder: string,
  stone: Tombstone | PasskeyTombstone | LinkTombstone,
): Promise<void> {
  await appendLine(folder, { ...stone, seq: await queries.nextRemoval(db) })
}

/** Until when this list was kept, and how many removals there were in all then: without it a list that ended early looks whole. */
export interface RemovalsMark {
  removals: number
  at: string
}

/** How much of the end of the list a loss may take from a restore, on a day on which nothing is removed. */
const MARKED_EVERY_MS = 60 * 60_000

/** Keeps the list marked: whenever something was removed by any process, and once an hour. */
export function openMarking({ background, clock, folder }: Pick<Parts, 'background' | 'clock' | 'folder'>) {
  let last: { removals: number; atMs: number } | undefined
  return async function mark(): Promise<void> {
    const removals = await queries.removalHead(background)
    const now = clock.now()
    const isRecent = last !== undefined && now.getTime() - last.atMs < MARKED_EVERY_MS
    if (isRecent && last!.removals === removals) return
    await appendLine(folder, { removals, at: now.toISOString() } satisfies RemovalsMark)
    last = { removals, atMs: now.getTime() }
  }
}

async function appendLine(folder: string, line: object): Promise<void> {
  await using file = await open(join(folder, TOMBSTONES_FILE), 'a', 0o600)
  await file.appendFile(`${JSON.stringify(line)}\n`)
  await file.sync()
  // The name of a new file is in the folder.
  await using parent = await open(folder, 'r')
  await parent.sync()
}

export const emailDigest = (secret: Secret, emailKey: string) => secret.hmac('tombstone of address', emailKey)

/** Takes a portion of what other features hold about a person out for good; answers how many things that were. */
export type Eraser = (db: Queries, userId: string) => Promise<number>

/** In one statement, so that no lock is held for long. */
const PORTION = 500
/** Of one person and one feature in one round; the next round takes what is left. */
const PORTIONS_MAX = 200

/**
 * All that is held about a person outside of identity, a portion at a time, so that neither a million sessions nor a
 * crash is in the way. True: nothing is left.
 */
export async function eraseElsewhere(db: Queries, userId: string, erasers: readonly Eraser[]): Promise<boolean> {
  const own: Eraser = (inside, id) => anonymiseSessions(inside, id, PORTION)
  for (const erase of [own, ...erasers]) {
    if (!(await isErased(() => erase(db, userId)))) return false
  }
  return true
}

async function isErased(eraseSome: () => Promise<number>): Promise<boolean> {
  for (let portion = 0; portion < PORTIONS_MAX; portion++) if ((await eraseSome()) === 0) return true
  return false
}

/**
 * After a restore: deletes again whoever had been deleted since the backup was made. Those who are not there are passed
 * over, so that it may be done as often as one likes. Answers how many were deleted.
 */
export async function reapplyTombstones(
  db: Queries,
  stones: readonly Tombstone[],
  { secret, erasers = [] }: { secret: Secret; erasers?: readonly Eraser[] },
): Promise<number> {
  let deleted = 0
  for (const { user_id: userId, at } of stones) {
    await eraseElsewhere(db, userId, erasers)
    const emailKey = await queries.deleteUser(db, userId)
    if (emailKey !== undefined) await queries.deleteChallengesFor(db, emailKey)
    if (emailKey !== undefined) await deleteInvitationsTo(db, emailKey)
    await deleteCodes(db, userId)
    await removeStaff(db, userId)
    const digest = emailKey === undefined ? null : emailDigest(secret, emailKey)
    await queries.insertTombstone(db, { userId, emailDigest: digest, requestedBy: 'restore', deletedAt: new Date(at) })
    deleted += Number(emailKey !== undefined)
  }
  return deleted
}

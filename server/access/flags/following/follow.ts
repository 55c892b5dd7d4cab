import { compareNumbers, sayNumber } from '../../../../sdk/flags/snapshot.ts'
import { sqlStateOf } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import { begin } from './begin.ts'
import { keepSnapshot, type Position, readKeys, readPacked, readPosition, WINDOW_ROWS } from './queries.ts'
import { unpack } from './served.ts'
import { type Fault, findFault, isUntouched, type Standing } from './standing.ts'
import { standingAfter, tellStanding } from './tell-standing.ts'

export interface Follower {
  /** Reads on, and looks whether the tables are still those that were signed. Whoever asks meanwhile waits for the same look. */
  follow(): Promise<void>
  standing(): Standing
}

/** Tables or schema that are not there. */
const GONE = ['42P01', '3F000', '42703']

/**
 * Follows the database, as a client follows access: what it offers is judged, and what breaks a rule changes nothing. Once a
 * second, and at once after a write of our own.
 */
export function openFollower(parts: Parts): Follower {
  const { database, clock, served } = parts
  let standing: Standing = {
    state: 'unknown',
    fault: null,
    sentence: 'The database was not asked yet.',
    since: clock.now(),
  }
  let isTold = false
  let olderFrom = 1
  let looking: Promise<void> | undefined
  let next: Promise<void> | undefined

  async function look(): Promise<void> {
    const stamp = parts.stamp()
    if (!stamp) return
    await served.open(stamp, parts.keys.root()?.fingerprint)
    const window = { olderFrom }
    let position = await positionOf(parts, window)
    if (isUntouched(position, served.held()) && (await parts.isOriginal())) {
      await begin(parts)
      position = await positionOf(parts, window)
    }
    const refused = position && (await takeNewest(parts, position))
    const fault =
      refused ??
      beginningFault(position, parts) ??
      findFault(position, served.held(), window) ??
      (await rewriteFault(parts, position, window))
    if (!fault) served.confirm()
    olderFrom = nextWindow(position, olderFrom)
    const before = standing
    standing = standingAfter(parts, before, fault)
    isTold &&= standing.state === before.state && standing.fault === before.fault
    try {
      if (position) await keepWhatWeHave(parts, position, fault)
    } finally {
      // Seen is seen; that it could not be told is tried again with the next look.
      if (!isTold) await tellStanding(parts, standing, fault)
      isTold = true
    }
  }

  /** One look at a time; who comes while one is under way needs the one after it, which has seen their write. */
  function follow(): Promise<void> {
    if (!looking) {
      looking = look().finally(() => {
        looking = undefined
      })
      return looking
    }
    next ??= looking
      .catch(() => {})
      .then(() => {
        next = undefined
        return follow()
      })
    return next
  }

  return {
    follow,
    standing: () =>
      database.isAway()
        ? { state: 'unknown', fault: standing.fault, sentence: awaySentence(parts), since: standing.since }
        : standing,
  }
}

function awaySentence({ served }: Parts): string {
  const held = served.held()
  return held
    ? `The database does not answer; ${sayNumber(held.body)} is served, and nothing can be changed.`
    : 'The database does not answer, and no flags lie on this disk: there is no answer to be given.'
}

/** Null: the tables are not there. */
async function positionOf({ background }: Parts, window: { olderFrom: number }): Promise<Position | null> {
  try {
    return await readPosition(background, window)
  } catch (error) {
    if (GONE.includes(sqlStateOf(error) ?? '')) return null
    throw error
  }
}

/** The newest that may be followed; a fault when there are only others. */
async function takeNewest(parts: Parts, { newest, signing_key: signingKey }: Position): Promise<Fault | undefined> {
  const { background, served, keys } = parts
  if (signingKey && !keys.rows().some(({ kid }) => kid === signingKey)) await keys.take(await readKeys(background))
  let refused: Fault | undefined
  for (const each of newest) {
    const held = served.held()
    if (each.digest === held?.header.digest) return refused
    if (held && compareNumbers(each, held.body) < 0) return refused
    const packed = await readPacked(background, each)
    if (!packed) continue
    const read = await unpack(packed, each)
    const judged =
      'fault' in read ? { outcome: 'quarantined' as const, detail: read.detail } : await served.offer(read, packed)
    if (judged.outcome !== 'quarantined') return refused
    refused ??= {
      fault: 'quarantined',
      sentence: `${sayNumber(each)} of the database is not followed: ${judged.detail}`,
    }
  }
  return refused
}

/** Tables that were never used, and an installation that is older than they are. */
function beginningFault(position: Position | null, { served }: Parts): Fault | undefined {
  if (!isUntouched(position, served.held())) return undefined
  const sentence =
    'This database has never delivered a flag, and the installation is older than it: whether there were flags is not known here.'
  return { fault: 'wiped', sentence }
}

/** Asked when all numbers are right. */
async function rewriteFault(
  { background, served, rewrites }: Parts,
  position: Position | null,
  window: { olderFrom: number },
): Promise<Fault | undefined> {
  const held = served.held()
  return position && held ? rewrites.find(background, position, held, window) : undefined
}

/** For those who have nothing: a new process, an empty disk. And so that a restore begins above our number, wherever it is made. */
async function keepWhatWeHave(parts: Parts, { newest }: Position, fault: Fault | undefined): Promise<void> {
  const { background, fleet, served } = parts
  const current = served.current()
  if (!current) return
  const { epoch, seq, digest, body } = current
  const isThere = newest.some((each) => each.digest === digest)
  if (fault && !isThere)
    await keepSnapshot(background, { epoch, seq, digest, madeAt: body.made_at, packed: current.gzip })
  fleet.noteOwn(current)
  if (fault) await fleet.flush()
}

/** Round and round over the older rows of the log. */
function nextWindow(position: Position | null, from: number): number {
  const next = from + WINDOW_ROWS
  return position?.head && next <= position.head.changes ? next : 1
}

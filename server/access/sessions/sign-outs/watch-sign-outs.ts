import type { Queries } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/id.ts'
import type { House } from '../house.ts'
import { vanishedBetween } from '../verifiers/queries.ts'
import { MINUTE_MS, minuteOf } from '../verifiers/verifier-minute.ts'
import {
  classes,
  classOf,
  type Judged,
  judgeClass,
  QUIET_MIN,
  RHYTHMIC,
  rateOf,
  type SignOutClass,
  type Usual,
  usualOf,
  WINDOWS_MIN,
} from './detector.ts'
import * as queries from './queries.ts'

export const WATCH_EVERY_MS = 15_000
/** Ends counted in one round; a larger storm takes another, fifteen seconds later. */
const ENDS_MAX = 20_000
const REASONS_MAX = 100
const DAYS = 7
const DAY_MS = 24 * 60 * MINUTE_MS
const HOURS = 24
const HOUR_MS = 60 * MINUTE_MS
const HALF_HOUR_MS = 30 * MINUTE_MS
const RECENT_MS = Math.max(...WINDOWS_MIN) * MINUTE_MS
/** Other processes write a minute once it is over, and look every few seconds whether it is. */
const LATE_MS = 3 * MINUTE_MS

/** What everybody sees: read by each process, judged by one. */
export interface SignOutsSeen {
  episodes: readonly queries.Episode[]
  /** When it was last judged; null: not since this process started. */
  judgedAt: Date | null
  lastHour: number
}

/**
 * Counts the ends since the last round, each once, and says whether there are more of them than usual. ClickFunnels noticed
 * a sign-out of everybody by its customers' telephone calls: what is usual at this hour is compared, not a fixed number.
 */
export async function watchSignOuts(house: House): Promise<SignOutsSeen> {
  const now = house.clock.now()
  await house.background.transaction(async (db) => {
    const watch = await queries.lockWatch(db)
    if (!watch) return
    // Behind us: the database was put back, and its new numbers are counted from where they are.
    const from = Math.min(watch.seq, watch.head)
    const until = Math.min(watch.head, from + ENDS_MAX)
    const ends = until > from ? await queries.endsNumbered(db, from, until, REASONS_MAX) : []
    if (ends.length > 0) await queries.addEnds(db, minuteOf(now), ends)
    await queries.keepRefused(db, new Date(minuteOf(now).getTime() - LATE_MS), minuteOf(now))
    await judgeAll(house, db, { now, beganAt: watch.began_at ?? now })
    await queries.moveWatch(db, until, now)
  })
  const hourAgo = { from: new Date(now.getTime() - 60 * MINUTE_MS), to: now }
  const lastHour = await queries.sumsOf(house.background, [hourAgo], REASONS_MAX)
  const episodes = await queries.openEpisodes(house.background, REASONS_MAX)
  const ended = lastHour.filter(({ reason }) => classOf(reason) !== 'refused')
  return { episodes, judgedAt: now, lastHour: ended.reduce((sum, each) => sum + each.people, 0) }
}

async function judgeAll(house: House, db: Queries, at: { now: Date; beganAt: Date }): Promise<void> {
  const open = new Map((await queries.openEpisodes(db, REASONS_MAX)).map((episode) => [episode.class, episode]))
  const { counted, usual } = await readCounts(db, at)
  for (const each of RHYTHMIC) {
    await follow(house, db, at.now, {
      class: each,
      judged: judgeClass(counted(each), usual(each)),
      open: open.get(each),
    })
  }
  const from = new Date(minuteOf(at.now).getTime() - LATE_MS)
  const vanished = (await vanishedBetween(db, from, at.now)) + house.verdicts.vanishedSince(from)
  // One is enough: a session that was confirmed minutes ago is gone, and nothing has ended it. That is never usual.
  const judged = { isUnusual: vanished > 0, isOrdinary: vanished === 0, counted: vanished, windowMin: 3, usual: 0 }
  await follow(house, db, at.now, { class: 'unexplained', judged, open: open.get('unexplained') })
}

async function readCounts(db: Queries, { now, beganAt }: { now: Date; beganAt: Date }) {
  const minute = minuteOf(now).getTime()
  const rows = await queries.minutesSince(db, new Date(minute - RECENT_MS), (RECENT_MS / MINUTE_MS) * REASONS_MAX)
  const stretches = [
    ...Array.from({ length: HOURS }, (_, index) => {
      const until = minute - RECENT_MS - index * HOUR_MS
      return { from: new Date(until - HOUR_MS), to: new Date(until) }
    }),
    ...Array.from({ length: DAYS }, (_, index) => {
      const middle = minute - (index + 1) * DAY_MS
      return { from: new Date(middle - HALF_HOUR_MS), to: new Date(middle + HALF_HOUR_MS) }
    }),
  ]
  const sums = await queries.sumsOf(db, stretches, stretches.length * REASONS_MAX)
  const inStretch = (number: number, which: SignOutClass): Usual => {
    const { from, to } = stretches[number]!
    const minutes = Math.max(0, to.getTime() - Math.max(from.getTime(), beganAt.getTime())) / MINUTE_MS
    const found = sums.filter((sum) => sum.stretch === number + 1 && classOf(sum.reason) === which)
    return { counted: found.reduce((sum, each) => sum + each.people, 0), minutes }
  }
  return {
    counted: (which: SignOutClass) => (windowMin: number) =>
      rows
        .filter((row) => classOf(row.reason) === which && row.minute.getTime() > minute - windowMin * MINUTE_MS)
        .reduce((sum, row) => sum + row.people, 0),
    usual: (which: SignOutClass) => {
      const stretch = (number: number) => inStretch(number, which)
      const hours = Array.from({ length: HOURS }, (_, index) => stretch(index))
      return usualOf(
        Array.from({ length: DAYS }, (_, index) => stretch(HOURS + index)),
        hours,
      )
    },
  }
}

interface Followed {
  class: SignOutClass
  judged: Judged
  open: queries.Episode | undefined
}

/** One signal when an episode begins, one when it is over: not one a minute. */
async function follow(house: House, db: Queries, now: Date, { class: which, judged, open }: Followed): Promise<void> {
  if (!open) return judged.isUnusual ? begin(house, db, now, which, judged) : undefined
  const counted = Math.max(open.counted, judged.counted)
  const quietSince = judged.isOrdinary ? (open.quiet_since ?? now) : null
  const isOver = quietSince !== null && now.getTime() - quietSince.getTime() >= QUIET_MIN * MINUTE_MS
  await queries.moveEpisode(db, { ...open, counted, quiet_since: quietSince, over_at: isOver ? now : null })
  if (!isOver) return
  const minutes = Math.round((now.getTime() - open.began_at.getTime()) / MINUTE_MS)
  const facts = { class: which, what: classes[which], counted, lasted_min: minutes }
  await house.signal(db, { kind: 'sign-outs.usual-again', subject: open.id, facts })
}

async function begin(house: House, db: Queries, now: Date, which: SignOutClass, judged: Judged): Promise<void> {
  const id = newId('epi', now)
  const { counted, windowMin, usual } = judged
  const began = new Date(now.getTime() - windowMin * MINUTE_MS)
  const episode = {
    id,
    class: which,
    began_at: began,
    noticed_at: now,
    quiet_since: null,
    over_at: null,
    counted,
    usual,
  }
  await queries.insertEpisode(db, episode)
  const kind = which === 'unexplained' || which === 'refused' ? 'sign-outs.unexplained' : 'sign-outs.unusual'
  const facts = { class: which, what: classes[which], counted, window_min: windowMin, usual: rounded(usual) }
  await house.signal(db, { kind, subject: id, facts })
}

const rounded = (value: number) => Math.round(value * 10) / 10

/** What the overview says of an episode. */
export function sentenceOf({ class: which, counted, usual, began_at: beganAt }: queries.Episode): string {
  const since = beganAt.toISOString().slice(11, 16)
  if (which === 'unexplained') {
    return `${counted} sessions were found gone since ${since} UTC, and nothing has ended them.`
  }
  return `Since ${since} UTC there are far more ${classes[which]} than usual: ${counted}, where ${rounded(usual)} are usual.`
}

export { rateOf }

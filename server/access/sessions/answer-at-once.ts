import type { Session } from '../../../sdk/contract.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import type { FastCall } from '../../platform/http/index.ts'
import type { House } from './house.ts'
import { type Recognised, recognise } from './recognised-jars.ts'
import { isForItself } from './session-cookies.ts'
import { confirmedAt, isFresh } from './verify-session.ts'

export interface AskedAtOnce {
  call: FastCall
  /** As in `Credentials`. */
  audience?: string | undefined
  /** What is known since longer than this is not for whoever asks. */
  oldestMs?: number
}

export interface SaidAtOnce {
  session: Session
  ageMs: number
  /** The whole answer. */
  json: string
}

/**
 * The verdict `valid`, `source: cache`, of a session in memory whose proof needs no renewal: what nearly every question
 * ends with. Nothing is waited for, and it says what `prove` would say. Undefined: ask `prove`.
 */
export function answerAtOnce(house: House, asked: AskedAtOnce): SaidAtOnce | undefined {
  const { call, audience, oldestMs = Number.POSITIVE_INFINITY } = asked
  const { cookie } = call.headers
  if (cookie === undefined || !isForItself(call)) return undefined
  const now = house.clock.now()
  const jar = jarOf(house, call, cookie, now)
  if (!jar) return undefined
  const { session, json, known } = jar
  const ageMs = Math.max(0, now.getTime() - confirmedAt(house, known).getTime())
  const isForThem = audience === undefined || audience === session.audience
  if (!isForThem || ageMs > oldestMs || session.audience === CONSOLE_AUDIENCE) return undefined

  house.verdicts.count(audience, { verdict: 'valid', session, source: 'cache', age_ms: ageMs }, now)
  house.lastSeen.note(known.row.id, known.row.last_seen_at, now)
  return { session, ageMs, json: `${json}${ageMs}}` }
}

/** Taken apart before, or now. What does not hold any more is not kept. */
function jarOf(house: House, call: FastCall, cookie: string, now: Date): Recognised | undefined {
  const before = house.jars.get(cookie)
  if (before && holds(house, before, call, now)) return before
  const found = recognise(house, call, now)
  if (found && holds(house, found, call, now)) {
    house.jars.keep(cookie, found)
    return found
  }
  if (before) house.jars.forget(cookie)
  return undefined
}

/** Everything that can have changed since: an end, a newer handle, another reading of the row, time, and the keys. */
function holds(house: House, jar: Recognised, call: FastCall, now: Date): boolean {
  const { key, known, keys, isSecure, fromMs, untilMs } = jar
  const nowMs = now.getTime()
  if (isSecure !== call.isSecure || nowMs < fromMs || nowMs >= untilMs) return false
  if (house.pendingEnds.hasHandle(key) || house.known.get(key) !== known) return false
  if (!known.isSeen || known.isSuperseded || house.revocations.find(known.row.id)) return false
  return house.keys.published(now) === keys && isFresh(house, known, now)
}

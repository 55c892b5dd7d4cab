import type { Session } from '../../../sdk/contract.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import type { House } from './house.ts'
import type { KnownSession } from './known-sessions.ts'
import { isWorthKeeping } from './mint-proof.ts'
import { isHandle, keyOf, publicSession } from './session.ts'
import { confirmedAt, isFresh } from './verify-session.ts'

export interface AskedAtOnce {
  handle: string | undefined
  proof: string | undefined
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
  const { handle, proof, audience, oldestMs = Number.POSITIVE_INFINITY } = asked
  if (handle === undefined || proof === undefined || !isHandle(handle)) return undefined
  const key = keyOf(handle)
  if (house.pendingEnds.hasHandle(key)) return undefined
  const known = house.known.get(key)
  if (!known?.isSeen || known.isSuperseded || house.revocations.find(known.row.id) || !isFresh(house, known)) {
    return undefined
  }
  known.said ??= saidOf(known)
  const { session, json } = known.said
  const ageMs = Math.max(0, house.clock.now().getTime() - confirmedAt(house, known).getTime())
  const isForThem = audience === undefined || audience === session.audience
  if (!isForThem || ageMs > oldestMs || session.audience === CONSOLE_AUDIENCE) return undefined
  if (!isWorthKeeping(house, proof, session)) return undefined

  house.verdicts.count(audience, { verdict: 'valid', session, source: 'cache', age_ms: ageMs })
  house.lastSeen.note(known.row.id, known.row.last_seen_at)
  return { session, ageMs, json: `${json}${ageMs}}` }
}

/** Written once for as long as the row is known (1 µs each time); only the age behind it changes. */
function saidOf({ row }: KnownSession): NonNullable<KnownSession['said']> {
  const session = publicSession(row)
  return { session, json: `{"verdict":"valid","session":${JSON.stringify(session)},"source":"cache","age_ms":` }
}

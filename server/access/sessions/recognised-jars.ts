import type { KeySet, Session } from '../../../sdk/contract.ts'
import type { FastCall } from '../../platform/http/index.ts'
import type { House } from './house.ts'
import type { KnownSession } from './known-sessions.ts'
import { saysWhatIsSo, worthUntilMs } from './mint-proof.ts'
import { isHandle, keyOf, publicSession } from './session.ts'
import { plainCredentials } from './session-cookies.ts'

/**
 * What a browser's Cookie header was found to hold: the handle of a known session, and a proof with a good signature that
 * says what is so. All of it follows from the text and from what is named here; whether that still holds is asked each time.
 */
export interface Recognised {
  isSecure: boolean
  /** Digest of the handle. */
  key: string
  known: KnownSession
  session: Session
  /** The answer up to its age. */
  json: string
  /** The keys among which the proof's was found. */
  keys: KeySet
  /** While the proof is neither too young nor half spent. */
  fromMs: number
  untilMs: number
}

/** At about 1.5 kB each, 30 MB. Whoever is not among them costs 4 µs more. */
const JARS_MAX = 20_000
/** Handle and proof take 1 kB. A developer's jar is full of other apps' cookies, and goes the longer way. */
const JAR_LENGTH_MAX = 2048

/**
 * Cookie header → what it was found to be; only what was good is kept, and only in memory. Asking a map by a secret tells
 * nothing by its time: it compares keyed hashes of the whole text first, and there are 256 random bits to guess.
 */
export class RecognisedJars {
  readonly #byCookie = new Map<string, Recognised>()
  readonly #max: number

  constructor(max = JARS_MAX) {
    this.#max = max
  }

  get size(): number {
    return this.#byCookie.size
  }

  get(cookie: string): Recognised | undefined {
    return this.#byCookie.get(cookie)
  }

  keep(cookie: string, recognised: Recognised): void {
    if (cookie.length > JAR_LENGTH_MAX) return
    this.#byCookie.set(cookie, recognised)
    if (this.#byCookie.size > this.#max) this.#byCookie.delete(this.#byCookie.keys().next().value!)
  }

  forget(cookie: string): void {
    this.#byCookie.delete(cookie)
  }
}

/** The longer way, once for each jar and whenever something about its session has changed. */
export function recognise(house: House, call: FastCall, now: Date): Recognised | undefined {
  const { handle, proof } = plainCredentials(call) ?? {}
  if (handle === undefined || proof === undefined || !isHandle(handle)) return undefined
  const key = keyOf(handle)
  const known = house.known.get(key)
  if (!known) return undefined
  const [keys, nowMs] = [house.keys.published(now), now.getTime()]
  const seen = house.proofs.verify(proof, { keys, issuer: house.issuer, nowMs })
  known.said ??= saidOf(known)
  const { session, json } = known.said
  if (seen.outcome !== 'good' || !saysWhatIsSo(seen.claims, session)) return undefined
  return { isSecure: call.isSecure, key, known, session, json, keys, fromMs: nowMs, untilMs: worthUntilMs(seen.claims) }
}

/** Written once for as long as the row is known (1 µs each time); only the age behind it changes. */
function saidOf({ row }: KnownSession): NonNullable<KnownSession['said']> {
  const session = publicSession(row)
  return { session, json: `{"verdict":"valid","session":${JSON.stringify(session)},"source":"cache","age_ms":` }
}

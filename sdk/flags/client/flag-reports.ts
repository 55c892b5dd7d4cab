import { readBody } from '../../read-body.ts'
import type { KeyName } from '../snapshot.ts'
import { Fallbacks } from './fallbacks.ts'
import type { FlagSource } from './flag-details.ts'
import type { Holds } from './holds.ts'

/** Something wrong with the flags of this process, as access and its console read it. */
export interface ReportedFault {
  code: string
  detail: string
  /** Of `missing_without_tombstone`: what is gone there and still held here. */
  missing?: KeyName[]
}

export interface Standing {
  /** 0 with `fallback`: there is none. */
  epoch: number
  seq: number
  source: FlagSource
  age_ms: number | null
  faults: ReportedFault[]
  /** Of the greatest list of signing keys that was seen: no list of a restore may have a smaller one. */
  key_list_number: number | null
  holds?: Holds
}

export interface FlagReportOptions {
  url: string
  key: string
  fetch: typeof fetch
  instance: string
  standing(): Standing
}

/** Everything that happens within it goes out as one report. */
const SETTLE_MS = 2_000
/** Without news: the fleet shows who is there. */
const BEAT_MS = 60_000
const SEND_MS = 5_000
const ANSWER_BYTES_MAX = 16 * 1024
/** Of a report of 64 KiB, which is what access takes: so much for names of what is missing and held, the rest for all else. */
const NAMES_BYTES_MAX = 24 * 1024
const FAULTS_MAX = 20
/** Of the one about the snapshot, which names keys; and of those about a flag. */
const DETAIL_LENGTH_MAX = { snapshot: 1500, flag: 500 }

/**
 * Tells access which number this process answers from, what it does not take and why, and which answers came from
 * nobody's flags: in the background, jittered, a few seconds apart at most. Counts that could not be told are kept.
 */
export class FlagReports {
  readonly #options: FlagReportOptions
  readonly #closing = new AbortController()
  #fallbacks = new Fallbacks()
  #timer: NodeJS.Timeout | undefined
  #isHurried = false
  #sending: Promise<void> | undefined

  constructor(options: FlagReportOptions) {
    this.#options = options
    this.#plan(BEAT_MS)
  }

  count(key: string): void {
    this.#fallbacks.add(key, 1)
    this.hurry()
  }

  /** Something has changed that access should know of soon. */
  hurry(): void {
    if (this.#isHurried) return
    this.#isHurried = true
    this.#plan(SETTLE_MS)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    this.#closing.abort(new Error('closed'))
    await this.#sending
  }

  #plan(withinMs: number): void {
    if (this.#closing.signal.aborted) return
    clearTimeout(this.#timer)
    const waitMs = withinMs / 2 + (Math.random() * withinMs) / 2
    this.#timer = setTimeout(() => {
      this.#isHurried = false
      this.#sending ??= this.#send().finally(() => {
        this.#sending = undefined
      })
    }, waitMs).unref()
  }

  async #send(): Promise<void> {
    const fallbacks = this.#fallbacks
    this.#fallbacks = new Fallbacks()
    if (!(await this.#post(fallbacks))) this.#putBack(fallbacks)
    // What was counted meanwhile has planned its own, sooner.
    if (!this.#isHurried) this.#plan(BEAT_MS)
  }

  #putBack(untold: Fallbacks): void {
    for (const [key, count] of this.#fallbacks.counts) untold.add(key, count)
    this.#fallbacks = untold
  }

  async #post({ counts }: Fallbacks): Promise<boolean> {
    const { url, key, fetch: fetcher, instance, standing } = this.#options
    try {
      const response = await fetcher(`${url}/v1/flags/reports`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ instance, ...bounded(standing()), fallbacks: Object.fromEntries(counts) }),
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(SEND_MS)]),
      })
      await readBody(response.body, ANSWER_BYTES_MAX)
      // Who refuses a report refuses it again; only an outage is worth keeping it for.
      return response.status < 500 && response.status !== 429
    } catch {
      return false
    }
  }
}

/** The sentence of a fault says how many are missing; which, as far as there is room, and then what else is held. */
function bounded({ holds, ...standing }: Standing): Standing {
  let room = NAMES_BYTES_MAX
  const fitting = (names: readonly KeyName[]) =>
    names.filter((name) => (room -= Buffer.byteLength(JSON.stringify(name)) + 1) >= 0)
  const faults = standing.faults.slice(0, FAULTS_MAX).map(({ detail, missing, ...fault }) => ({
    ...fault,
    detail: detail.slice(0, DETAIL_LENGTH_MAX[missing ? 'snapshot' : 'flag']),
    ...(missing && { missing: fitting(missing) }),
  }))
  return { ...standing, faults, ...(holds && { holds: { ...holds, keys: fitting(holds.keys) } }) }
}

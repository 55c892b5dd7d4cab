import { join } from 'node:path'
import type { OnProblem } from '../../stamp.ts'
import { compileFlags } from '../compile-flags.ts'
import { isOfOurs, isRaised, judgeSnapshot, type SnapshotFault } from '../judge-snapshot.ts'
import { KeptSnapshots } from '../keep-snapshot.ts'
import { nodeSeals } from '../node-seals.ts'
import { type KeyName, type Parsed, parseSnapshot, sayNumber } from '../snapshot.ts'
import { type Trust, trustFor } from '../trust.ts'
import { Confirmed, NEVER } from './confirmed.ts'
import { type Answering, contractsOf, type FlagAnswers } from './flag-answers.ts'
import type { Confirmation, FlagSource } from './flag-details.ts'
import { type Holds, holdsOf } from './holds.ts'

/** Why something that was offered is not taken. */
export interface HeldFault {
  code: SnapshotFault
  detail: string
  missing: KeyName[]
}

export interface HeldOptions {
  dataDir: string
  environment: string
  installationId: string | null
  /** The fingerprint of the root key. */
  trust: string | undefined
  /** The text of a snapshot that was shipped with the app. */
  bootstrap: string | undefined
  now(): number
  elapsedMs(): number
  onProblem: OnProblem
}

export type Offered = { outcome: 'accepted' | 'same' } | { outcome: 'refused'; fault: SnapshotFault }

/** So often a burst of changes reaches the disk; and all processes of a machine do not write while they fetch. */
const SETTLE_MS = 1000

/**
 * The snapshot that is answered from: read from disk at once, then from the app's own, then from access. Nothing is taken
 * that breaks a rule, and nothing that was taken expires.
 */
export class HeldFlags {
  readonly #options: HeldOptions
  readonly #answers: FlagAnswers
  readonly #kept: KeptSnapshots
  readonly #confirmed: Confirmed
  #parsed: Parsed | undefined
  #trust: Trust
  #source: FlagSource = 'fallback'
  #confirmation: Confirmation = NEVER
  #fault: HeldFault | undefined
  #holds: Holds | undefined

  constructor(options: HeldOptions, answers: FlagAnswers) {
    this.#options = options
    this.#answers = answers
    const { dataDir, environment, installationId, trust: pin, onProblem } = options
    const folder = join(dataDir, 'flags')
    const beginning = trustFor({ environment, installationId, pin })
    this.#kept = new KeptSnapshots({ folder, trust: beginning, onProblem, settleMs: SETTLE_MS })
    this.#trust = this.#kept.trust
    this.#confirmed = new Confirmed({ ...options, folder })
    const { held } = this.#kept
    if (held) this.#take(held, { source: 'disk', confirmation: this.#confirmed.kept(held.header.digest) })
    if (options.bootstrap !== undefined) this.#offerBootstrap(options.bootstrap)
  }

  get body(): Parsed['body'] | undefined {
    return this.#parsed?.body
  }

  /** Of what was applied, and so the ETag to ask with. */
  get digest(): string | undefined {
    return this.#parsed?.header.digest
  }

  get source(): FlagSource {
    return this.#source
  }

  get fault(): HeldFault | undefined {
    return this.#fault
  }

  /** Told to access while it offers what is refused here, older numbers too; undefined: there is nothing to be said. */
  get holds(): Holds | undefined {
    return this.#holds
  }

  get trust(): Trust {
    return this.#trust
  }

  ageMs(): number | null {
    return this.#confirmation.ageMs()
  }

  /** Judges a text. What is accepted is answered from at once, and kept on disk a moment later. */
  offer(text: string, source: 'live' | 'bootstrap', ageMs: number | null): Offered {
    const parsed = parseSnapshot(text, this.#parsed)
    if ('fault' in parsed) return this.#refuse({ code: parsed.fault, detail: parsed.detail, missing: [] })
    const judged = judgeSnapshot(this.#parsed, parsed, this.#trust, nodeSeals)
    if (judged.outcome === 'quarantined') {
      const isTold = source === 'live' && isOfOurs(judged.fault)
      this.#holds = this.#parsed && isTold ? holdsOf(this.#parsed, parsed) : undefined
      return this.#refuse({ code: judged.fault, detail: judged.detail, missing: judged.missing })
    }
    this.#fault = undefined
    this.#holds = undefined
    if (judged.outcome === 'accepted') {
      this.#trust = judged.trust
      this.#take(parsed, { source, confirmation: NEVER })
      this.#kept.keep(parsed, judged.trust)
    }
    if (source === 'live') this.confirm(ageMs)
    return { outcome: judged.outcome }
  }

  /** Access has said that what is held is the newest, and knew it so long ago; null: it does not know itself. */
  confirm(ageMs: number | null): void {
    if (!this.#parsed) return
    this.#fault = undefined
    this.#holds = undefined
    if (ageMs === null) return
    this.#source = 'live'
    this.#confirmation = this.#confirmed.confirm(this.#parsed.header.digest, ageMs)
    this.#publish()
  }

  async flush(): Promise<void> {
    await this.#kept.flush()
    await this.#confirmed.flush()
  }

  #offerBootstrap(text: string): void {
    const offered = this.offer(text, 'bootstrap', null)
    // What is on disk is newer than what was shipped: so it should be.
    if (offered.outcome === 'refused' && offered.fault === 'older') this.#fault = undefined
    else if (offered.outcome === 'refused')
      this.#options.onProblem(`The bootstrap of flags is not used (${offered.fault}). ${this.#fault?.detail ?? ''}`)
  }

  #refuse(fault: HeldFault): Offered {
    // A process of access that lags behind offers what is older, and no harm is done.
    if (isRaised(fault.code)) this.#fault = fault
    return { outcome: 'refused', fault: fault.code }
  }

  #take(parsed: Parsed, { source, confirmation }: { source: FlagSource; confirmation: Confirmation }): void {
    this.#parsed = parsed
    this.#source = source
    this.#confirmation = confirmation
    this.#publish()
  }

  #publish(): void {
    const { body } = this.#parsed!
    const seq = sayNumber(body)
    const before = this.#answers.answering
    const origin = { seq, source: this.#source, confirmation: this.#confirmation }
    const isSame = before !== undefined && before.seq === seq
    this.#answers.answerFrom(isSame ? { ...before, ...origin } : { ...compiled(body, before), ...origin })
  }
}

/** Unchanged flags are the very same closures, and what stopped compiling stays as it was. */
function compiled(
  { flags, evaluators: $evaluators, metadata }: Parsed['body'],
  before: Answering | undefined,
): Pick<Answering, 'set' | 'contracts'> {
  const set = compileFlags({ flags, $evaluators, metadata }, before ? { previous: before.set } : {})
  return { set, contracts: contractsOf(set) }
}

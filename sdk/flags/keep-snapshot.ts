import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readFileIfThere, replaceFiles } from '../replace-file.ts'
import type { OnProblem } from '../stamp.ts'
import { authorFault } from './judge-snapshot.ts'
import { nodeSeals } from './node-seals.ts'
import { fingerprintOf } from './seals.ts'
import { compareNumbers, type Parsed, parseSnapshot, sayNumber } from './snapshot.ts'
import { type Trust, trustAfter } from './trust.ts'

/** What stands beside the snapshots: which of them are ours to read, and what no restart may go back behind. */
interface TrustFile {
  holdfast: 'flags-trust'
  trust: Trust
  /** Of the older generation: another file in its place is not it. */
  digestBefore: string | null
}

export interface KeepOptions {
  folder: string
  /** What is known without the disk: environment, installation if somebody said it, the pin if there is one. */
  trust: Trust
  onProblem: OnProblem
  /**
   * Milliseconds in which a newer one may take the place of what is to be written; left out: none. The first one of a folder
   * is written at once.
   */
  settleMs?: number
}

/** A data folder holds a dozen files; in a larger one nobody is looked for. */
const FILES_MAX = 10_000

/**
 * The last known good snapshot on disk: the newest, and the one before it for when that is torn. Environment and
 * installation stand in the names and inside, so that production never answers what demo left behind; whatever is not
 * whole, ours, signed and as new as it was is refused, and said so. It never expires.
 */
export class KeptSnapshots {
  readonly #folder: string
  readonly #onProblem: OnProblem
  #trust: Trust
  #held: Parsed | undefined
  /** What is to be written; a newer one takes its place, so that a slow disk never makes a queue. */
  #next: { snapshot: Parsed; trust: Trust } | undefined
  /** What lies on disk as the newest generation. */
  #written: Parsed | undefined
  #writing: Promise<void> | undefined
  readonly #settleMs: number
  /** While what is to be written waits; it keeps the process alive, so that the end of an app loses nothing. */
  #settling: (() => void) | undefined
  /** Somebody waits for the disk. */
  #isHurried = false

  constructor({ folder, trust, onProblem, settleMs = 0 }: KeepOptions) {
    this.#folder = folder
    this.#settleMs = settleMs
    this.#onProblem = onProblem
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = this.#readTrust(trust)
    this.#trust = file.trust
    this.#held = this.#readHeld(file)
    this.#written = this.#held
    if (this.#held) this.#trust = trustWith(this.#held, this.#trust)
  }

  /** Undefined: there is none that may be used. */
  get held(): Parsed | undefined {
    return this.#held
  }

  get trust(): Trust {
    return this.#trust
  }

  /** Takes what was judged `accepted`, with the trust that came with it: in memory at once, on disk a moment later. */
  keep(snapshot: Parsed, trust: Trust): void {
    this.#held = snapshot
    this.#trust = trust
    this.#next = { snapshot, trust }
    this.#writing ??= this.#write()
  }

  /** Resolves when what was kept is on disk, or was reported as a problem. */
  async flush(): Promise<void> {
    this.#isHurried = true
    this.#settling?.()
    await this.#writing
    this.#isHurried = false
  }

  async #write(): Promise<void> {
    while (this.#next) {
      if (this.#written) await this.#settle()
      const { snapshot, trust } = this.#next
      this.#next = undefined
      try {
        await this.#writeGenerations(snapshot, trust)
      } catch (error) {
        this.#onProblem(
          `holdfast: flags cannot be kept in ${this.#folder}: ${(error as Error).message}. A restart would begin with older ones, or none.`,
        )
      }
    }
    this.#writing = undefined
  }

  /** Ended early by `flush`. */
  async #settle(): Promise<void> {
    if (this.#settleMs === 0 || this.#isHurried) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, this.#settleMs)
    this.#settling = () => {
      clearTimeout(timer)
      resolve()
    }
    await promise
    this.#settling = undefined
  }

  /** Trust first: after a crash in between, the older snapshot is there and the newer one is still welcome. */
  async #writeGenerations(snapshot: Parsed, trust: Trust): Promise<void> {
    const before = this.#written
    const file: TrustFile = { holdfast: 'flags-trust', trust, digestBefore: before?.header.digest ?? null }
    await replaceFiles([
      [this.#path('trust.json'), JSON.stringify(file)],
      ...(before ? [[this.#path('before.snapshot'), before.text] as const] : []),
      [this.#path('snapshot'), snapshot.text],
    ])
    this.#written = snapshot
  }

  #readTrust(given: Trust): Pick<TrustFile, 'trust' | 'digestBefore'> {
    const installationId = given.installationId ?? this.#onlyInstallation(given.environment)
    const trust = { ...given, installationId }
    const anew = { trust, digestBefore: null }
    if (installationId === null) return anew
    const path = this.#path('trust.json', trust)
    const text = this.#read(path)
    if (text === undefined) return anew
    const file = trustFileIn(text)
    if (!file || file.trust.environment !== given.environment || file.trust.installationId !== installationId) {
      this.#onProblem(`holdfast: ${path} is damaged, or of another installation. It is made anew.`)
      return anew
    }
    if (given.fingerprint !== null && file.trust.fingerprint !== given.fingerprint) {
      this.#onProblem(
        `holdfast: the flags in ${this.#folder} are signed under the root ${file.trust.fingerprint}, and trust is pinned to ${given.fingerprint}. They are not used.`,
      )
      return anew
    }
    return { trust: { ...file.trust, pinned: given.pinned }, digestBefore: file.digestBefore }
  }

  /** Nobody said which installation this is: the only one of our environment that was here before. */
  #onlyInstallation(environment: string): string | null {
    const names = readdirSync(this.#folder).slice(0, FILES_MAX)
    const all = names.flatMap((name) => {
      const [, theirs, installation] = NAME.exec(name) ?? []
      return theirs && installation ? [{ environment: theirs, installation }] : []
    })
    const ours = new Set(all.filter((each) => each.environment === environment).map((each) => each.installation))
    if (ours.size === 1) return [...ours][0]!
    if (ours.size > 1)
      this.#onProblem(
        `holdfast: ${this.#folder} holds flags of ${ours.size} installations of "${environment}". None is used until access says which; remove those that are not yours.`,
      )
    else if (all.length > 0)
      this.#onProblem(
        `holdfast: ${this.#folder} holds flags of "${all[0]!.environment}" and none of "${environment}". They are not used; give each environment a data folder of its own.`,
      )
    return null
  }

  #readHeld({ digestBefore }: Pick<TrustFile, 'digestBefore'>): Parsed | undefined {
    if (this.#trust.installationId === null) return undefined
    const newest = this.#readGeneration('snapshot', digestBefore)
    const before = this.#readGeneration('before.snapshot', digestBefore)
    if (!newest && before)
      this.#onProblem(
        `holdfast: ${this.#path('snapshot')} cannot be used. The flags of the generation before it answer: ${sayNumber(before.body)}.`,
      )
    if (newest && before && compareNumbers(before.body, newest.body) > 0) return before
    return newest ?? before
  }

  #readGeneration(name: 'snapshot' | 'before.snapshot', digestBefore: string | null): Parsed | undefined {
    const path = this.#path(name)
    const text = this.#read(path)
    if (text === undefined) return undefined
    const parsed = parseSnapshot(text)
    const fault =
      'fault' in parsed ? parsed : (authorFault(parsed, this.#trust, nodeSeals) ?? this.#ageFault(parsed, digestBefore))
    if (!fault) return parsed as Parsed
    this.#onProblem(`holdfast: ${path} is not used (${fault.fault}). ${fault.detail}`)
    return undefined
  }

  /** A file that somebody put back from a backup is signed as well; only the two that were kept last are ours to read. */
  #ageFault({ body, header }: Parsed, digestBefore: string | null): { fault: 'older'; detail: string } | undefined {
    const { newest } = this.#trust
    const isOurs = !newest || compareNumbers(body, newest) > 0
    if (isOurs || header.digest === newest.digest || header.digest === digestBefore) return undefined
    return {
      fault: 'older',
      detail: `It is ${sayNumber(body)}, and ${sayNumber(newest)} was accepted here before. Remove it, if somebody put it back from a backup.`,
    }
  }

  #read(path: string): string | undefined {
    try {
      return readFileIfThere(path)
    } catch (error) {
      this.#onProblem(`holdfast: ${path} cannot be read: ${(error as Error).message}. Give this process the right to.`)
      return undefined
    }
  }

  #path(name: string, { environment, installationId } = this.#trust): string {
    return join(this.#folder, `flags.${environment}.${installationId}.${name}`)
  }
}

const NAME = /^flags\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.(?:trust\.json|(?:before\.)?snapshot)$/

/** Without the file beside them, or where a power cut left an older one, the snapshots say what is trusted from here on. */
function trustWith(held: Parsed, trust: Trust): Trust {
  if (trust.newest !== null && compareNumbers(held.body, trust.newest) <= 0) return trust
  const keyListNumber = Math.max(trust.keyListNumber, held.keyList.number)
  return { ...trustAfter(trust, held, rootOf(held)), keyListNumber }
}

const rootOf = ({ body }: Parsed) => fingerprintOf(body.key_list.root, nodeSeals)

function trustFileIn(text: string): TrustFile | undefined {
  try {
    const file = JSON.parse(text) as TrustFile
    const { trust } = file
    const isWhole =
      file.holdfast === 'flags-trust' &&
      typeof trust.fingerprint === 'string' &&
      Number.isSafeInteger(trust.keyListNumber) &&
      (trust.newest === null || Number.isSafeInteger(trust.newest.epoch + trust.newest.seq))
    return isWhole ? file : undefined
  } catch {
    return undefined
  }
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ApplicationEvent, KeySet, PublicKey } from './contract.ts'
import { readFileIfThere, replaceFile } from './replace-file.ts'
import { assertSameEnvironment, type OnProblem, type Stamp } from './stamp.ts'

/** What is known of the installation: kept on disk, so that a start with access dead knows it too. */
interface KeyFile extends Stamp {
  /** The id of our application, which is also the audience of its sessions. */
  application: string | null
  issuer: string | null
  /** What the operator wants in an outage; null: access has not said. */
  on_unknown: ApplicationEvent['on_unknown'] | null
  keys: PublicKey[]
}

const KEYS_MAX = 100

/**
 * The last known good key set. Replaced only by a set of the same installation, and never by an empty one: an issuer
 * without keys is an issuer in trouble, and its proofs of a minute ago are as good as they were.
 */
export class KnownKeys {
  readonly #file: string
  readonly #onProblem: OnProblem
  #known: KeyFile
  #writing: Promise<void> = Promise.resolve()

  constructor(options: { dataDir: string; environment: string; onProblem: OnProblem }) {
    mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
    this.#file = join(options.dataDir, 'keys.json')
    this.#onProblem = options.onProblem
    this.#known = this.#read(options.environment)
  }

  get keySet(): KeySet {
    return this.#known
  }

  get stamp(): Stamp {
    return this.#known
  }

  get application(): string | null {
    return this.#known.application
  }

  get issuer(): string | null {
    return this.#known.issuer
  }

  /** What is done with `unknown` where the app says nothing: as it was set for our application. */
  get onUnknown(): ApplicationEvent['on_unknown'] | null {
    return this.#known.on_unknown
  }

  /** Of our own application only, and only what can be meant; a newer access may say more. */
  adoptApplication({ id, on_unknown }: ApplicationEvent): void {
    const { policy, max_age_s } = on_unknown ?? {}
    const isMeant = (policy === 'serve' || policy === 'refuse') && Number.isSafeInteger(max_age_s) && max_age_s >= 0
    if (!isMeant || (this.#known.application !== null && this.#known.application !== id)) return
    this.#keep({ ...this.#known, on_unknown: { policy, max_age_s } })
  }

  /** Takes what access said; false when it speaks for another installation, and then nothing is taken. */
  adopt(news: {
    installation_id: string
    application?: string
    issuer?: string
    keys?: readonly PublicKey[]
  }): boolean {
    const before = this.#known
    if (before.installation_id !== null && before.installation_id !== news.installation_id) {
      this.#onProblem(
        `${this.#file} belongs to the installation ${before.installation_id}, and access says it is ` +
          `${news.installation_id}. Nothing of it is believed. If it was made anew on purpose, remove the folder.`,
      )
      return false
    }
    const keys = news.keys && news.keys.length > 0 ? news.keys.slice(0, KEYS_MAX) : before.keys
    const after: KeyFile = {
      environment: before.environment,
      installation_id: news.installation_id,
      application: news.application ?? before.application,
      issuer: news.issuer ?? before.issuer,
      on_unknown: before.on_unknown,
      // The same objects for the same keys: what was verified with them stays verified.
      keys: keys.map((key) => before.keys.find((old) => isSameKey(old, key)) ?? key),
    }
    this.#keep(after)
    return true
  }

  /** Resolves when everything taken so far is on disk, or was reported as a problem. */
  flush(): Promise<void> {
    return this.#writing
  }

  #keep(after: KeyFile): void {
    const content = JSON.stringify(after)
    if (content === JSON.stringify(this.#known)) return
    this.#known = after
    this.#write(content)
  }

  #write(content: string): void {
    this.#writing = this.#writing
      .then(() => replaceFile(this.#file, content))
      .catch((error: Error) => this.#onProblem(`${this.#file} cannot be written: ${error.message}`))
  }

  #read(environment: string): KeyFile {
    const none = { environment, installation_id: null, application: null, issuer: null, on_unknown: null, keys: [] }
    const text = readFileIfThere(this.#file)
    if (text === undefined) return none
    let kept: Partial<KeyFile>
    try {
      kept = JSON.parse(text) as Partial<KeyFile>
    } catch {
      this.#onProblem(`${this.#file} is damaged. The keys are fetched again.`)
      return none
    }
    assertSameEnvironment(this.#file, kept.environment, environment)
    return { ...none, ...kept, keys: Array.isArray(kept.keys) ? kept.keys : [] }
  }
}

const isSameKey = (one: PublicKey, other: PublicKey) =>
  one.kid === other.kid && one.x === other.x && one.y === other.y && one.alg === other.alg && one.use === other.use

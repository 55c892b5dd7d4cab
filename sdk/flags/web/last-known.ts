import { isObject } from '../definition.ts'
import { type Evaluations, isEvaluated } from './ask-flags.ts'

/** `localStorage`, or what behaves like it. */
export interface KeyValueStorage {
  getItem(name: string): string | null
  setItem(name: string, value: string): void
}

const NAME = 'holdfast.flags'
/** Of so many people on one browser; who was here longest ago goes first. */
const PEOPLE_MAX = 5

/**
 * The last known answers in the browser's storage, by a digest of whom they are about: no name lies there. They never
 * expire, and belong to one address and environment of access.
 */
export class LastKnown {
  readonly #storage: KeyValueStorage | undefined
  readonly #belongsTo: string

  constructor({ storage, url, token }: { storage: KeyValueStorage | undefined; url: string; token: string }) {
    this.#storage = storage
    const environment = /^hf_([a-z][a-z0-9-]*)_/.exec(token)?.[1] ?? ''
    this.#belongsTo = `${url}\n${environment}`
  }

  async read(targetingKey: string): Promise<Evaluations | undefined> {
    const name = await this.#nameOf(targetingKey)
    const found = name === undefined ? undefined : this.#all()[name]
    if (!isObject(found) || !Array.isArray(found.flags)) return undefined
    return { etag: typeof found.etag === 'string' ? found.etag : null, flags: found.flags.filter(isEvaluated) }
  }

  async keep(targetingKey: string, evaluations: Evaluations): Promise<void> {
    const name = await this.#nameOf(targetingKey)
    if (name === undefined) return
    const { [name]: _, ...others } = this.#all()
    const kept = Object.entries(others).slice(1 - PEOPLE_MAX)
    try {
      this.#storage?.setItem(NAME, JSON.stringify(Object.fromEntries([...kept, [name, evaluations]])))
    } catch {
      // Full, or forbidden: a page answers without it, and only the next start with Holdfast away does not.
    }
  }

  #all(): Record<string, unknown> {
    try {
      const all: unknown = JSON.parse(this.#storage?.getItem(NAME) ?? '{}')
      return isObject(all) ? all : {}
    } catch {
      // Torn, or somebody else's: as good as none.
      return {}
    }
  }

  /** Undefined where digests cannot be made, on a page that did not come by https: then nothing is kept. */
  async #nameOf(targetingKey: string): Promise<string | undefined> {
    if (!this.#storage || !globalThis.crypto?.subtle) return undefined
    const text = new TextEncoder().encode(`${this.#belongsTo}\n${targetingKey}`)
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
}

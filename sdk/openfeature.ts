import type { EvaluationContext, JsonValue, Provider, ResolutionDetails } from '@openfeature/server-sdk'
import { type FlagDetails, FlagRefused } from './flags/client/flag-details.ts'
import type { FlagValue } from './flags/definition.ts'
import type { Flags } from './flags-client.ts'
import { PROVIDER, ProviderEventList } from './provider-events.ts'

export interface HoldfastProviderOptions {
  /** How long a first start waits for a first snapshot, with nothing on disk and no bootstrap; 5 s when left out. */
  readyMs?: number
}

const READY_MS = 5_000
/** With access alive it confirms within this; with access dead a start is held up no longer. */
const FRESH_MS = 250

/**
 * An OpenFeature provider for servers, over `holdfast.flags`. READY: answers are confirmed. STALE: they go on, and may be
 * outdated. ERROR: there is nothing to answer from. What was fetched, kept or shipped is the same as natively, and so is
 * every answer; that of a flag which refuses is OpenFeature's default with an error, because its clients never throw.
 *
 * @example
 * ```ts
 * import { Holdfast } from '@holdfast/sdk'
 * import { HoldfastProvider } from '@holdfast/sdk/openfeature'
 * import { OpenFeature } from '@openfeature/server-sdk'
 *
 * await using holdfast = new Holdfast({
 *   url: process.env.HOLDFAST_URL!,
 *   key: process.env.HOLDFAST_KEY!,
 *   dataDir: './holdfast-sdk',
 * })
 * OpenFeature.setProvider(new HoldfastProvider(holdfast.flags, { readyMs: 100 }))
 * const client = OpenFeature.getClient()
 * console.log(await client.getBooleanValue('new-view', false, { targetingKey: 'usr_1' })) // false
 * await OpenFeature.close()
 * ```
 */
export class HoldfastProvider implements Provider {
  readonly metadata = { name: 'holdfast' } as const
  readonly runsOn = 'server'
  readonly events: NonNullable<Provider['events']>
  readonly #flags: Flags
  readonly #readyMs: number
  readonly #list = new ProviderEventList()
  #ends: (() => void)[] = []

  constructor(flags: Flags, { readyMs = READY_MS }: HoldfastProviderOptions = {}) {
    this.#flags = flags
    this.#readyMs = readyMs
    this.events = this.#list as unknown as NonNullable<Provider['events']>
  }

  async initialize(): Promise<void> {
    this.#listen()
    if (!(await this.#flags.ready(this.#readyMs))) {
      throw Object.assign(new Error(this.#flags.status().because ?? 'There are no flags yet.'), {
        code: 'PROVIDER_NOT_READY',
      })
    }
    await this.#freshOr(FRESH_MS)
    const { because } = this.#flags.status()
    // OpenFeature calls READY whoever comes back from here; what is not so is said right after it.
    if (because !== null) setImmediate(() => this.#list.emit(PROVIDER.stale, { message: because }))
  }

  async onClose(): Promise<void> {
    for (const end of this.#ends) end()
    this.#ends = []
  }

  async resolveBooleanEvaluation(key: string, fallback: boolean, context: EvaluationContext) {
    return this.#resolve(key, fallback, context)
  }

  async resolveStringEvaluation(key: string, fallback: string, context: EvaluationContext) {
    return this.#resolve(key, fallback, context)
  }

  async resolveNumberEvaluation(key: string, fallback: number, context: EvaluationContext) {
    return this.#resolve(key, fallback, context)
  }

  async resolveObjectEvaluation<Value extends JsonValue>(key: string, fallback: Value, context: EvaluationContext) {
    return this.#resolve(key, fallback, context)
  }

  #resolve<Value>(key: string, fallback: Value, context: EvaluationContext): ResolutionDetails<Value> {
    try {
      return resolutionOf(this.#flags.details(key, fallback as FlagValue, context) as FlagDetails<Value>)
    } catch (error) {
      if (!(error instanceof FlagRefused)) throw error
      const { message: errorMessage } = error
      return {
        value: fallback,
        reason: 'ERROR',
        errorCode: 'GENERAL' as ResolutionDetails<Value>['errorCode'],
        errorMessage,
      }
    }
  }

  #listen(): void {
    if (this.#ends.length > 0) return
    this.#ends = [
      this.#flags.on('changed', ({ changed, removed }) =>
        this.#list.emit(PROVIDER.changed, { flagsChanged: [...changed, ...removed] }),
      ),
      this.#flags.on('stale', ({ because }) => this.#list.emit(PROVIDER.stale, { message: because })),
      this.#flags.on('fresh', () => this.#list.emit(PROVIDER.ready)),
    ]
  }

  async #freshOr(timeoutMs: number): Promise<void> {
    if (!this.#flags.status().isStale) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, timeoutMs)
    const end = this.#flags.on('fresh', () => resolve())
    await promise
    clearTimeout(timer)
    end()
  }
}

function resolutionOf<Value>(details: FlagDetails<Value>): ResolutionDetails<Value> {
  const { value, variant, reason, errorMessage, source, seq, ageMs } = details
  const errorCode = details.errorCode as ResolutionDetails<Value>['errorCode']
  return {
    ...{ value, reason },
    ...(variant !== undefined && { variant }),
    ...(errorCode !== undefined && { errorCode, errorMessage }),
    flagMetadata: {
      ...details.flagMetadata,
      'holdfast.source': source,
      ...(seq !== null && { 'holdfast.seq': seq }),
      ...(ageMs !== null && { 'holdfast.age_ms': ageMs }),
    },
  }
}

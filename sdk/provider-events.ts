type Handler = (details?: unknown) => unknown

/**
 * What OpenFeature's SDKs listen to. Their own emitter would do, and would make either SDK a dependency; this way their
 * types are all that is taken from them.
 */
export class ProviderEventList {
  readonly #handlers = new Map<string, Handler[]>()

  emit(event: string, details?: Record<string, unknown>): void {
    for (const handler of [...this.getHandlers(event)]) handler(details)
  }

  addHandler(event: string, handler: Handler): void {
    this.#handlers.set(event, [...this.getHandlers(event), handler])
  }

  removeHandler(event: string, handler: Handler): void {
    const left = this.getHandlers(event).filter((each) => each !== handler)
    this.#handlers.set(event, left)
  }

  removeAllHandlers(event?: string): void {
    if (event === undefined) this.#handlers.clear()
    else this.#handlers.delete(event)
  }

  getHandlers(event: string): Handler[] {
    return this.#handlers.get(event) ?? []
  }

  /** Nothing is logged here: what a person has to know goes to `onProblem`. */
  setLogger(): this {
    return this
  }
}

/** The names that both SDKs give their events. */
export const PROVIDER = {
  ready: 'PROVIDER_READY',
  error: 'PROVIDER_ERROR',
  stale: 'PROVIDER_STALE',
  changed: 'PROVIDER_CONFIGURATION_CHANGED',
} as const

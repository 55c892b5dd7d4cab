/** Whoever has not been sent a code in this time is not sent one. */
const CODE_DEADLINE_MS = 10_000

/** The codes that were sent, for whoever waits for theirs or comes later. */
export interface Codes {
  came(person: string, code: string): void
  codeFor(person: string): Promise<string>
}

export function openCodes(): Codes {
  const waiting = new Map<string, (code: string) => void>()
  const early = new Map<string, string>()
  return {
    came(person, code) {
      const take = waiting.get(person)
      if (take) take(code)
      else early.set(person, code)
    },
    codeFor(person) {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const isThere = early.get(person)
      early.delete(person)
      if (isThere) return Promise.resolve(isThere)
      const timer = setTimeout(() => reject(new Error('no mail came')), CODE_DEADLINE_MS)
      waiting.set(person, resolve)
      return promise.finally(() => {
        clearTimeout(timer)
        waiting.delete(person)
      })
    },
  }
}

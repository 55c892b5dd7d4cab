import type { Clock } from '../../../platform/clock.ts'

/** Of one browser, within ten minutes: nobody signs in more often, and a loop of junk codes earns the provider's 429. */
const BROWSER_CALLS = 20
const BROWSER_MS = 10 * 60_000
/** Of one provider, from this process: more a second than any of them lets a tenant. */
const PROVIDER_CALLS = 600
const PROVIDER_MS = 10_000
/** The oldest give way; beyond it budgets begin anew. */
const BROWSERS_MAX = 50_000

export interface Budgets {
  /** Counts the call, or says whose budget is spent. */
  spend(browser: Buffer, providerId: string): 'ok' | 'browser' | 'provider'
}

interface Spent {
  calls: number
  sinceMs: number
}

export function openBudgets(clock: Pick<Clock, 'monotonicMs'>): Budgets {
  const browsers = new Map<string, Spent>()
  const providers = new Map<string, Spent>()

  const of = (all: Map<string, Spent>, key: string, everyMs: number): Spent => {
    const nowMs = clock.monotonicMs()
    const spent = all.get(key)
    if (spent && nowMs - spent.sinceMs < everyMs) return spent
    const fresh = { calls: 0, sinceMs: nowMs }
    all.delete(key)
    all.set(key, fresh)
    return fresh
  }

  return {
    spend(browser, providerId) {
      const mine = of(browsers, browser.toString('base64'), BROWSER_MS)
      const oldest = browsers.keys().next().value
      if (browsers.size > BROWSERS_MAX && oldest !== undefined) browsers.delete(oldest)
      if (mine.calls >= BROWSER_CALLS) return 'browser'
      const theirs = of(providers, providerId, PROVIDER_MS)
      if (theirs.calls >= PROVIDER_CALLS) return 'provider'
      mine.calls++
      theirs.calls++
      return 'ok'
    },
  }
}

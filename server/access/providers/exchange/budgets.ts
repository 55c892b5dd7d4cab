import type { Clock } from '../../../platform/clock.ts'

/** Of one browser, within ten minutes: nobody signs in more often, and a loop of junk codes earns the provider's 429. */
const BROWSER_CALLS = 20
const BROWSER_MS = 10 * 60_000
/** Of one provider, from this process: more a second than any of them lets a tenant. */
const PROVIDER_CALLS = 600
const PROVIDER_MS = 10_000
/** Of those at most: the rest waits for browsers in which somebody has signed in, which no stranger has. */
const STRANGERS_CALLS = 450
/** Of one network: an office that comes at nine is let in within the minute, and one rented machine spends nobody's budget. */
const BLOCK_STRANGERS_CALLS = 60
const BLOCK_CALLS = 300
/** Whether people are still there is asked by nobody who waits: a thirtieth, and nothing of what is left to known browsers. */
const ASKS_CALLS = 20
/** Whoever says 429 is asked by people alone for so long: the next refusal would be somebody's sign-in. */
const ASKS_REST_MS = 5 * 60_000
/** Of browsers, and of networks; the oldest give way, and begin anew. */
const COUNTED_MAX = 50_000

/** Who has come back from a provider. */
export interface Caller {
  browser: Buffer
  /** The network it came from. */
  block: string
  /** Somebody has signed in here with it before. */
  isKnown: boolean
}

/** A place among the calls that may be made. Whoever asks nothing after all gives it back by disposing of it. */
export interface Held extends Disposable {
  spend(): void
}

export interface Budgets {
  /** Undefined: one of the budgets is spent, for some seconds or, in one browser, for minutes. */
  hold(caller: Caller, providerId: string): Held | undefined
  /** How many more times that provider may be asked now whether somebody is still there. */
  asksLeft(providerId: string): number
  /** False: none is left. */
  spendAsk(providerId: string): boolean
  /** It said that it is asked too often. */
  restAsks(providerId: string): void
}

interface Spent {
  calls: number
  sinceMs: number
}

export function openBudgets(clock: Pick<Clock, 'monotonicMs'>): Budgets {
  const counted = () => new Map<string, Spent>()
  const [browsers, blocks, strangers, providers, asks] = [counted(), counted(), counted(), counted(), counted()]
  const restsUntilMs = new Map<string, number>()

  const of = (all: Map<string, Spent>, key: string, everyMs: number): Spent => {
    const nowMs = clock.monotonicMs()
    const spent = all.get(key)
    if (spent && nowMs - spent.sinceMs < everyMs) return spent
    const fresh = { calls: 0, sinceMs: nowMs }
    all.delete(key)
    all.set(key, fresh)
    if (all.size > COUNTED_MAX) all.delete(all.keys().next().value!)
    return fresh
  }

  const asksOf = (providerId: string) => of(asks, providerId, PROVIDER_MS)
  const callsOf = (providerId: string) => of(providers, providerId, PROVIDER_MS)
  const asksLeft = (providerId: string): number => {
    if (clock.monotonicMs() < (restsUntilMs.get(providerId) ?? 0)) return 0
    return Math.max(0, Math.min(ASKS_CALLS - asksOf(providerId).calls, STRANGERS_CALLS - callsOf(providerId).calls))
  }

  return {
    asksLeft,
    spendAsk(providerId) {
      if (asksLeft(providerId) === 0) return false
      for (const spent of [asksOf(providerId), callsOf(providerId)]) spent.calls++
      return true
    },
    restAsks(providerId) {
      // One for each provider that was ever set up: no more than an installation has.
      restsUntilMs.set(providerId, clock.monotonicMs() + ASKS_REST_MS)
    },
    hold({ browser, block, isKnown }, providerId) {
      const inBlock = of(blocks, `${isKnown} ${providerId} ${block}`, PROVIDER_MS)
      const shares: [Spent, number][] = [
        [of(browsers, browser.toString('base64'), BROWSER_MS), BROWSER_CALLS],
        [inBlock, isKnown ? BLOCK_CALLS : BLOCK_STRANGERS_CALLS],
        [callsOf(providerId), PROVIDER_CALLS],
      ]
      if (!isKnown) shares.push([of(strangers, providerId, PROVIDER_MS), STRANGERS_CALLS])
      if (shares.some(([{ calls }, max]) => calls >= max)) return undefined
      for (const [spent] of shares) spent.calls++
      let isSpent = false
      return {
        spend() {
          isSpent = true
        },
        [Symbol.dispose]() {
          if (!isSpent) for (const [spent] of shares) spent.calls--
        },
      }
    },
  }
}

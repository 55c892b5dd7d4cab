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
}

interface Spent {
  calls: number
  sinceMs: number
}

export function openBudgets(clock: Pick<Clock, 'monotonicMs'>): Budgets {
  const counted = () => new Map<string, Spent>()
  const [browsers, blocks, strangers, providers] = [counted(), counted(), counted(), counted()]

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

  return {
    hold({ browser, block, isKnown }, providerId) {
      const inBlock = of(blocks, `${isKnown} ${providerId} ${block}`, PROVIDER_MS)
      const shares: [Spent, number][] = [
        [of(browsers, browser.toString('base64'), BROWSER_MS), BROWSER_CALLS],
        [inBlock, isKnown ? BLOCK_CALLS : BLOCK_STRANGERS_CALLS],
        [of(providers, providerId, PROVIDER_MS), PROVIDER_CALLS],
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

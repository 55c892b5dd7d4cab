import type { Looked, Target } from './probe.ts'

/** `limited`: all that it says is 429, which anybody can earn. */
export type Glanced = 'good' | 'limited' | 'bad'

/**
 * Whether somebody can be sent there, as soon as a round that is under way can tell. Documents and keys that cannot be fetched
 * stop nobody, for the last good ones are kept; the two endpoints that a sign-in needs do, and so does a clock that is off.
 */
export function openGlance(target: Target, withinMs: number) {
  const { promise, resolve } = Promise.withResolvers<Glanced>()
  const needed = new Set<string>(['authorization', 'token'].filter((kind) => target[kind as 'token'] !== null))
  // Nothing was ever learned of it: all that can be asked is needed.
  if (needed.size < 2) needed.add('discovery')
  const missing = new Set(needed)
  let worst: Glanced = 'good'
  // What is missing when the time is over does not come.
  const now = (): Glanced => (missing.size === 0 ? worst : 'bad')
  const timer = setTimeout(() => resolve(now()), withinMs)
  timer.unref()
  return {
    found: promise,
    onLooked({ kind, outcome, fault }: Looked): void {
      missing.delete(kind)
      const isNeeded = needed.has(kind)
      if (fault === 'clock-skew' || (isNeeded && outcome === 'fault')) worst = 'bad'
      else if (isNeeded && outcome === 'limited' && worst === 'good') worst = 'limited'
      if (worst === 'bad' || missing.size === 0) resolve(worst)
    },
    /** The round is over. */
    end(): Glanced {
      clearTimeout(timer)
      resolve(now())
      return now()
    },
  }
}

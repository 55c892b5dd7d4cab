import type { Looked, Target } from './probe.ts'

/**
 * Whether somebody can be sent there, as soon as a round that is under way can tell. Documents and keys that cannot be fetched
 * stop nobody, for the last good ones are kept; the two endpoints that a sign-in needs do, and so does a clock that is off.
 */
export function openGlance(target: Target, withinMs: number) {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const needed = new Set<string>(['authorization', 'token'].filter((kind) => target[kind as 'token'] !== null))
  // Nothing was ever learned of it: all that can be asked is needed.
  if (needed.size < 2) needed.add('discovery')
  const missing = new Set(needed)
  let isStopped = false
  const timer = setTimeout(() => resolve(missing.size === 0 && !isStopped), withinMs)
  timer.unref()
  return {
    isPassable: promise,
    onLooked({ kind, outcome, fault }: Looked): void {
      missing.delete(kind)
      if (fault === 'clock-skew' || (needed.has(kind) && outcome !== 'good')) isStopped = true
      if (isStopped) resolve(false)
      else if (missing.size === 0) resolve(true)
    },
    /** The round is over: what is missing now does not come. */
    end(): boolean {
      clearTimeout(timer)
      const isGood = missing.size === 0 && !isStopped
      resolve(isGood)
      return isGood
    },
  }
}

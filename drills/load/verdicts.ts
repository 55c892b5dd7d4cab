import { percent } from '../frame/card.ts'
import type { Observation } from './generator.ts'

export const isValid = (one: Observation) => one.outcome === 'valid' && !one.clears

/** The market's shared fault: "signed out" said to somebody who is signed in, in words or by taking the cookie. */
export const isSignOut = (one: Observation) => one.outcome === 'invalid' || one.clears === true

/** What was said, and how often. */
export function tally(some: readonly Observation[]): Record<string, unknown> {
  const count = (values: (string | undefined)[]) =>
    Object.fromEntries(
      [...Map.groupBy(values, (value) => value)].flatMap(([key, group]) => (key ? [[key, group.length]] : [])),
    )
  return {
    asked: some.length,
    valid_pct: percent(some.filter(isValid).length, some.length),
    outcomes: count(some.map((one) => one.outcome)),
    sources: count(some.map((one) => one.source)),
    notes: count(some.map((one) => one.note)),
  }
}

import { type Bar, barOf } from '../drills/frame/card.ts'
import { digits } from './figures/digits.ts'
import { ratioOf } from './figures/median.ts'

/** Operations a second of a contestant, round by round. */
export type Rates = ReadonlyMap<string, readonly (number | null)[]>

/** One contestant is promised to be so many times as fast as another. */
export interface RatioBar {
  name: string
  of: string
  to: string
  atLeast: number
}

/** The bars whose contestants took part; one of them that could not be measured is missed. */
export function ratioBarsOf(rates: Rates, bars: readonly RatioBar[]): Bar[] {
  return bars
    .filter(({ of, to }) => rates.has(of) && rates.has(to))
    .map(({ name, of, to, atLeast }) => {
      const measured = digits(ratioOf(rates.get(of)!, rates.get(to)!))
      return barOf({ name, kind: 'promise', measured, required: { atLeast }, otherwise: '' })
    })
}

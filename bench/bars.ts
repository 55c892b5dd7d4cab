import { type Bar, barOf } from '../drills/frame/card.ts'
import { ratioOf } from './figures/median.ts'
import { digits } from './figures/digits.ts'

/** Operations a second of a contestant, round by round. */
export type Rates = ReadonlyMap<string, readonly (number | null)[]>

interface RatioBar {
  name: string
  of: string
  to: string
  atLeast: number
}

/** What issue 4 §4 asks for, on two cores. */
const RATIOS: readonly RatioBar[] = [
  { name: 'session check, warm, of bare Fastify', of: 'holdfast-warm', to: 'bare-fastify', atLeast: 0.6 },
  { name: 'session check, warm, of better-auth', of: 'holdfast-warm', to: 'better-auth', atLeast: 15 },
  { name: 'session check, cold, of a prepared SELECT', of: 'holdfast-cold', to: 'prepared-select', atLeast: 0.7 },
  { name: 'verify in process, of SHA-256 + Map', of: 'holdfast-verify', to: 'digest-map-in-process', atLeast: 0.6 },
  { name: 'sign-in, of better-auth', of: 'holdfast-sign-in', to: 'better-auth-sign-in', atLeast: 5 },
  { name: 'sign-in, of two bare statements', of: 'holdfast-sign-in', to: 'two-statements', atLeast: 0.2 },
]

export interface StartTimes {
  coldS: number | null
  warmS: number | null
}
const START_COLD_S_MAX = 6
const START_WARM_S_MAX = 2.5

/** The bars whose contestants took part; one of them that could not be measured is missed. */
export function barsOf(rates: Rates, starts: StartTimes | null): Bar[] {
  const ratios = RATIOS.filter(({ of, to }) => rates.has(of) && rates.has(to)).map(({ name, of, to, atLeast }) => {
    const measured = digits(ratioOf(rates.get(of)!, rates.get(to)!))
    return barOf({ name, kind: 'promise', measured, required: { atLeast }, otherwise: '' })
  })
  if (!starts) return ratios
  const times = [
    {
      name: 'npm start to the first sign-in page, empty data folder, s',
      measured: starts.coldS,
      most: START_COLD_S_MAX,
    },
    { name: 'npm start to the first sign-in page, second time, s', measured: starts.warmS, most: START_WARM_S_MAX },
  ]
  return [
    ...ratios,
    ...times.map(({ name, measured, most }) =>
      barOf({ name, kind: 'promise', measured, required: { atMost: most }, otherwise: '' }),
    ),
  ]
}

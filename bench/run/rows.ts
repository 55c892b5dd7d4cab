import type { Contestant } from '../contestant.ts'
import type { Rates } from '../bars.ts'
import { digits } from '../figures/digits.ts'
import { medianOf, ratioOf, spreadOf } from '../figures/median.ts'
import { cpuUsOf, perSecond, type Sample } from '../figures/sample.ts'
import { AT_HALF, type Row } from '../report.ts'
import type { StartTimes } from './measure-starts.ts'

/** All that was measured of one contestant. */
export interface Samples {
  contestant: Contestant
  ceilings: Sample[]
  atHalf: Sample | null
}

export function ratesOf(all: readonly Samples[]): Rates {
  return new Map(all.map(({ contestant, ceilings }) => [contestant.name, ceilings.map(perSecond)]))
}

export function rowsOf(all: readonly Samples[], rates: Rates): Row[] {
  return [...all.map((samples) => ceilingRow(samples, rates)), ...all.flatMap((samples) => halfRow(samples))]
}

function ceilingRow({ contestant, ceilings }: Samples, rates: Rates): Row {
  const { name, measure, ratioTo } = contestant
  const spread = spreadOf(ceilings.map(perSecond))
  const isSet = rates.has(ratioTo)
  const cpu = medianOf(ceilings.flatMap((sample) => cpuUsOf(sample) ?? []))
  return {
    contestant: name,
    measure,
    unit: '1/s',
    median: rounded(spread?.median),
    min: rounded(spread?.min),
    max: rounded(spread?.max),
    ratio: isSet ? digits(ratioOf(rates.get(name)!, rates.get(ratioTo)!)) : null,
    ratio_to: isSet ? ratioTo : null,
    cpu_us: digits(cpu),
  }
}

function halfRow({ contestant, atHalf }: Samples): Row[] {
  if (!atHalf) return []
  const p99 = atHalf.p99Ms
  return [
    {
      contestant: contestant.name,
      measure: `${contestant.measure}, ${AT_HALF}`,
      unit: 'ms',
      ...{ median: p99, min: p99, max: p99, ratio: null, ratio_to: null },
      cpu_us: digits(cpuUsOf(atHalf)),
    },
  ]
}

export function startRows({ coldS, warmS }: StartTimes): Row[] {
  const row = (measure: string, figure: number | null) => figureRow({ measure, unit: 's', figure })
  return [
    row('npm start to the first sign-in page, empty data folder', coldS),
    row('npm start to the first sign-in page, second time', warmS),
  ]
}

/** What was measured once. */
export function figureRow(seen: { contestant?: string; measure: string; unit: string; figure: number | null }): Row {
  const { contestant = 'holdfast', measure, unit, figure } = seen
  const none = { ratio: null, ratio_to: null, cpu_us: null }
  return { contestant, measure, unit, median: figure, min: figure, max: figure, ...none }
}

const rounded = (value: number | undefined) => (value === undefined ? null : Math.round(value))

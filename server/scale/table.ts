import type { Figures } from './measure.ts'
import type { Page } from './plan-book.ts'
import { readingOf } from './plan.ts'
import type { Size } from './seed/size.ts'

/** Issue 3, acceptance 4. */
export const MEDIAN_MAX_MS = 200

export interface Told {
  at: Date
  machine: string
  /** One-minute averages before and after. */
  load: number[]
  size: Size
  figures: readonly Figures[]
  pages: readonly Page[]
  complaints: readonly string[]
}

/** As it stands in docs/scale.md. */
export function table({ at, machine, load, size, figures, pages, complaints }: Told): string {
  const reads = new Map(
    pages.map(({ name, plans }) => [name, [...new Set(plans.map(readingOf).filter(Boolean))].join('; ')]),
  )
  const count = (value: number) => value.toLocaleString('en').replaceAll(',', ' ')
  const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0)
  const worst = figures.toSorted((one, other) => other.medianMs - one.medianMs)[0]
  return [
    `${count(size.users)} users, ${count(size.organizations)} organisations, ${count(size.sessions)} sessions. ${machine}. Load ${load.map((each) => each.toFixed(1)).join(' before, ')} after. ${at.toISOString()}.`,
    '',
    `${figures.length} questions, 20 times each. Slowest at the median: ${worst ? `${worst.name}, ${ms(worst.medianMs)} ms` : 'none'}; the bar is ${MEDIAN_MAX_MS} ms.`,
    '',
    '| asked | rows | median ms | p95 ms | worst ms | reads |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    ...figures.map(
      ({ name, pages: behind, rows, medianMs, p95Ms, worstMs }) =>
        `| ${name}${behind > 0 ? `, ${behind} pages on` : ''} | ${rows ?? ''} | ${ms(medianMs)} | ${ms(p95Ms)} | ${ms(worstMs)} | ${behind > 0 ? '' : (reads.get(name) ?? '')} |`,
    ),
    '',
    complaints.length === 0 ? 'Nothing missed the bar.' : `Missed: ${complaints.length}`,
    ...complaints.map((each) => `- ${each}`),
  ].join('\n')
}

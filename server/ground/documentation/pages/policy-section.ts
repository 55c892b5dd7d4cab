import { type Html, html } from '../../../platform/html/html.ts'

/** One rule that holds in this installation, as its settings and the code have it. */
export interface PolicyLine {
  what: string
  value: string
  /** What a reader has to know to use it. */
  means: string
}

/** What is in force here, from the settings of the running process: nobody has to keep a document true (ASVS 7.1, 6.1). */
export function policySection(lines: readonly PolicyLine[]): Html {
  return html`
<section class="part" aria-labelledby="policy">
<h2 id="policy">In force here</h2>
<p>How long things last and how often they may be tried, as this process has it. What an administrator changes with a
setting is shown here after the restart; a session keeps the limits it began with.</p>
<table class="fields" aria-label="Rules in force">
<thead><tr><th scope="col">What</th><th scope="col">In force</th><th scope="col">Meaning</th></tr></thead>
<tbody>${lines.map(
    ({ what, value, means }) => html`
<tr><th scope="row">${what}</th><td>${value}</td><td>${means}</td></tr>`,
  )}
</tbody>
</table>
</section>`
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** In the largest unit that leaves nothing over. */
export function lasting(ms: number): string {
  const units = [
    [DAY_MS, 'day'],
    [HOUR_MS, 'hour'],
    [MINUTE_MS, 'minute'],
    [SECOND_MS, 'second'],
  ] as const
  const [size, unit] = units.find(([each]) => ms % each === 0) ?? [SECOND_MS, 'second']
  const count = ms / size
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

import { type Html, html } from '../../../platform/html/html.ts'
import { moment } from '../pages/moment.ts'
import { documentOf, type Form, formOf, type Page } from '../pages/page.ts'

export interface ImpersonateProps {
  staff: string
  person: string
  reason: string
  minutes: number
  form: Form
}

/** Who will act as whom, why, and for how long: a button, because what opens links by itself presses none. */
export function impersonatePage(page: Page, props: ImpersonateProps): string {
  const words = page.words.impersonation
  return documentOf(page, {
    title: words.title,
    body: html`
<p class="lede">${words.lede(props.staff, props.person)}</p>
<dl class="facts">
<dt>${words.because}</dt><dd>${props.reason}</dd>
<dt>${words.howLong}</dt><dd>${words.minutes(props.minutes)}</dd>
</dl>
${formOf(page, props.form, html`<button type="submit" class="primary">${words.submit(props.person)}</button>`)}
<ul class="follows hint">
<li>${words.cannot}</li>
<li>${words.noted}</li>
<li>${words.told}</li>
<li>${words.replaces}</li>
</ul>`,
  })
}

export function impersonationOverPage(page: Page): string {
  const words = page.words.impersonation
  return documentOf(page, { title: words.overTitle, body: html`<p class="lede">${words.over}</p>` })
}

export function impersonationEndedPage(page: Page): string {
  const words = page.words.impersonation
  return documentOf(page, { title: words.endedTitle, body: html`<p class="lede">${words.ended}</p>` })
}

export interface Acted {
  staff: string | null
  reason: string
  from: Date
  to: Date
}

/** For the person: who acted in their name, when, and why. */
export function actedList(page: Page, acted: readonly Acted[]): Html | false {
  const words = page.words.impersonation
  if (acted.length === 0) return false
  return html`<section aria-labelledby="acted">
<h2 id="acted">${words.listTitle}</h2>
<ul class="rows">${acted.map(
    ({ staff, reason, from, to }) => html`<li>
<div>
<p class="device">${staff ? words.acted(staff) : words.support}</p>
<p>${words.reason(reason)}</p>
<p class="hint facts-line"><span>${words.fromTo(moment(page, from), moment(page, to))}</span></p>
</div>
</li>`,
  )}</ul>
</section>`
}

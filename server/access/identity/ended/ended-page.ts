import type { Reason } from '../../../../sdk/contract.ts'
import { type Html, html } from '../../../platform/html/html.ts'
import { moment, momentAgo } from '../pages/moment.ts'
import { documentOf, type Page } from '../pages/page.ts'
import { deviceIn } from '../words/device.ts'

export interface EndedProps {
  ends: EndShown[]
  /** Sessions that have not ended, where in the last hour answers were unknown. */
  live: { device: string; beganAt: Date }[]
  unknownLately: number
  olderPath: string | null
}

export interface EndShown {
  device: string
  application: string | null
  beganAt: Date
  endedAt: Date
  reason: Reason
  by:
    | { kind: 'person'; device: string | null }
    | { kind: 'staff' | 'token' | 'support' | 'holdfast' }
    | { kind: 'unused'; days: number }
  isUsual: boolean
  unknownAnswers: number
}

/** Why was I signed out? For the person, in words. */
export function endedPage(page: Page, { ends, live, unknownLately, olderPath }: EndedProps): string {
  const words = page.words.ended
  return documentOf(page, {
    title: words.title,
    width: 'sheet',
    body: html`
<p class="lede">${words.lede}</p>
${ends.length === 0 && html`<p class="hint">${words.none}</p>`}
<ul class="rows">${ends.map((end) => endRow(page, end))}</ul>
${olderPath && html`<p class="aside"><a href="${page.link(olderPath)}">${words.older}</a></p>`}
${
  live.length > 0 &&
  unknownLately > 0 &&
  html`<section aria-labelledby="live">
<h2 id="live">${words.liveTitle}</h2>
<p>${words.live}</p>
<p class="hint">${words.unknown(unknownLately)}</p>
<ul class="rows">${live.map(
    ({ device, beganAt }) =>
      html`<li><div><p class="device">${deviceIn(page.words, device)}</p><p class="hint">${words.began(moment(page, beganAt))}</p></div></li>`,
  )}</ul>
</section>`
}
<p class="aside"><a href="${page.link('/account')}">${page.words.accountLife.toAccount}</a></p>`,
  })
}

function endRow(page: Page, end: EndShown): Html {
  const words = page.words.ended
  return html`<li>
<div>
<p class="device">${deviceIn(page.words, end.device)}</p>
<p>${page.words.reasons[end.reason]}</p>
<p class="hint facts-line">${[
    end.application,
    byWords(page, end),
    words.began(moment(page, end.beganAt)),
    words.endedAt(momentAgo(page, end.endedAt)),
  ].map((fact) => fact && html`<span>${fact}</span> `)}</p>
${!end.isUsual && html`<p class="hint">${words.unusual}</p>`}
${end.unknownAnswers > 0 && html`<p class="hint">${words.unknown(end.unknownAnswers)}</p>`}
</div>
</li>`
}

/** Who did it, where the reason does not say so itself. */
function byWords(page: Page, { by, reason }: EndShown): string | null {
  const words = page.words.ended
  if (by.kind === 'staff' && reason === 'revoked') return null
  switch (by.kind) {
    case 'person':
      return words.byYou(by.device && deviceIn(page.words, by.device))
    case 'staff':
      return words.byAdministrator
    case 'token':
      return words.byProgram
    case 'support':
      return words.bySupport
    case 'unused':
      return words.unused(by.days)
    case 'holdfast':
      return null
  }
}

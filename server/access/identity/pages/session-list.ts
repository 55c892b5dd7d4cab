import type { Reason } from '../../../../sdk/contract.ts'
import { type Html, html } from '../../../platform/html/html.ts'
import { deviceIn } from '../words/device.ts'
import { moment, momentAgo } from './moment.ts'
import { type Form, formOf, type Page } from './page.ts'

/** More than these are counted, not shown: a page has an end. */
const LIVE_SHOWN_MAX = 100
const ENDED_SHOWN_MAX = 20

export interface LiveSession {
  id: string
  /** `Chrome on Windows`, see `words.device`. */
  device: string
  /** The network address it was last seen from; null when not known. */
  address: string | null
  /** The application it was issued for, in words. */
  application: string | null
  signedInAt: Date
  lastSeenAt: Date | null
  isCurrent: boolean
  /** Support that acts as the person in it, by name; null: it is the person. */
  support?: string | null
  /** `POST /account/sessions/{id}/end`. */
  endForm: Form
}

export interface EndedSession {
  id: string
  device: string
  address: string | null
  application: string | null
  endedAt: Date
  reason: Reason
}

export function sessionList(page: Page, sessions: LiveSession[], endAllForm: Form): Html {
  const words = page.words.account
  const hidden = sessions.length - LIVE_SHOWN_MAX
  return html`<section aria-labelledby="sessions">
<h2 id="sessions">${words.sessions}</h2>
<p class="hint">${sessions.length === 1 ? words.onlyOne : words.sessionsPurpose}</p>
<ul class="rows">${sessions.slice(0, LIVE_SHOWN_MAX).map((session) => liveRow(page, session))}</ul>
${hidden > 0 && html`<p class="hint">${words.more(hidden)}</p>`}
${
  !page.acting &&
  html`<div class="everywhere">
${formOf(page, endAllForm, html`<button type="submit" class="danger" aria-describedby="everywhere-hint">${words.everywhere}</button>`)}
<p class="hint" id="everywhere-hint">${words.everywherePurpose}</p>
</div>`
}
</section>`
}

function liveRow(page: Page, session: LiveSession): Html {
  const words = page.words.account
  const { isCurrent, lastSeenAt, signedInAt } = session
  const device = session.support
    ? page.words.impersonation.session(session.support)
    : deviceIn(page.words, session.device)
  return html`<li>
<div>
<p class="device">${device}${isCurrent && html` <span class="tag">${words.thisBrowser}</span>`}</p>
${facts([
  session.application,
  session.address,
  words.signedIn(moment(page, signedInAt)),
  isCurrent || !lastSeenAt ? null : words.lastSeen(momentAgo(page, lastSeenAt)),
])}
</div>
${
  !isCurrent &&
  !page.acting &&
  formOf(
    page,
    session.endForm,
    html`<button type="submit" class="small" aria-label="${words.endSessionOf(device)}">${words.endSession}</button>`,
  )
}
</li>`
}

/** "Why was I signed out?" has its answer here. */
export function endedList(page: Page, sessions: EndedSession[]): Html {
  const words = page.words.account
  const hidden = sessions.length - ENDED_SHOWN_MAX
  return html`<section aria-labelledby="ended">
<h2 id="ended">${words.endedTitle}</h2>
${sessions.length === 0 && html`<p class="hint">${words.endedNone}</p>`}
<ul class="rows">${sessions.slice(0, ENDED_SHOWN_MAX).map(
    (session) => html`<li>
<div>
<p class="device">${deviceIn(page.words, session.device)}</p>
<p>${page.words.reasons[session.reason]}</p>
${facts([session.application, session.address, words.endedAt(momentAgo(page, session.endedAt))])}
</div>
</li>`,
  )}</ul>
${hidden > 0 && html`<p class="hint">${words.more(hidden)}</p>`}
<p class="aside"><a href="${page.link('/account/ended')}">${page.words.ended.link}</a></p>
</section>`
}

/** Short facts in one line, or in as many as it takes; none is broken in the middle. */
function facts(all: (string | Html | null)[]): Html {
  return html`<p class="hint facts-line">${all.map((fact) => fact && html`<span>${fact}</span> `)}</p>`
}

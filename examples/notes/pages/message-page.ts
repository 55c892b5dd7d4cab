import { type Reason, reasons } from '@holdfast/sdk'
import { type Html, html } from '../html.ts'
import { moment } from './moment.ts'

/** Why somebody is out, and when that came to be. Only words of our own are shown, whatever the address says. */
export function signedOutPage(said: { reason: string | null; at: string | null; signInUrl: string }): Html {
  const reason = said.reason !== null && Object.hasOwn(reasons, said.reason) ? (said.reason as Reason) : undefined
  const at = said.at !== null && !Number.isNaN(Date.parse(said.at)) ? new Date(said.at).toISOString() : undefined
  return html`<section class="sheet message" aria-labelledby="message-title">
<h1 id="message-title">You are signed out</h1>
<p class="verdict"><span class="mark" data-mark="failing" aria-hidden="true"></span><span>${reason ? reasons[reason] : 'This session has ended.'}</span></p>
${at && html`<p class="small">It ended on ${moment(at)}.</p>`}
<p>Your notes are kept. Sign in to go on with them.</p>
<p class="actions"><a class="button" href="${said.signInUrl}">Sign in</a> <a href="/">Front page</a></p>
</section>`
}

/** Who is here cannot be said at this moment. Nobody has been signed out, and the page comes back by itself. */
export function unknownPage(said: { because: string; sinceMs: number | null; retryS: number }): Html {
  return html`<section class="sheet message" aria-labelledby="message-title">
<h1 id="message-title">We cannot check who you are right now</h1>
<p class="verdict"><span class="mark" data-mark="unknown" aria-hidden="true"></span><span>${said.because}${said.sinceMs !== null && html` That is so since ${moment(new Date(said.sinceMs).toISOString())}.`}</span></p>
<p>You have not been signed out, and nothing you wrote is lost.</p>
<p class="small">This page tries again by itself every ${said.retryS} seconds.</p>
<p class="actions"><a href="/">Back to the notes</a></p>
</section>`
}

/** Something that cannot be, and the way on. */
export function refusalPage(said: { title: string; because: string }): Html {
  return html`<section class="sheet message" aria-labelledby="message-title">
<h1 id="message-title">${said.title}</h1>
<p>${said.because}</p>
<p class="actions"><a class="button" href="/">Back to the notes</a></p>
</section>`
}

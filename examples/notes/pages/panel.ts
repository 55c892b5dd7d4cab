import { type Html, html } from '../html.ts'
import { ageInWords } from '../age-in-words.ts'
import type { WhoAmI } from '../who-am-i.ts'
import { moment } from './moment.ts'

/** "Who am I, and how do you know?": filled here, and kept true by the script. */
export function panel(who: WhoAmI): Html {
  return html`<aside class="panel" id="who" aria-labelledby="who-title" data-live>
<h2 id="who-title">Who am I, and how do you know?</h2>
<p class="verdict"><span class="mark" data-mark="${who.mark}" aria-hidden="true"></span><strong data-fact="verdict">${who.verdict}</strong></p>
<p class="how" data-fact="how">${who.how}</p>
<dl>
<div><dt>You are</dt><dd data-fact="name">${who.name}</dd></div>
<div><dt>Known from</dt><dd data-fact="source">${who.source}</dd></div>
<div><dt>Age</dt><dd class="figure" data-age="${who.age_ms}">${ageOf(who)}</dd></div>
<div><dt>Signed in</dt><dd>${who.authenticated_at && moment(who.authenticated_at)}</dd></div>
<div><dt>Session</dt><dd class="mono" data-fact="session_id">${who.session_id}</dd></div>
<div><dt>Acting for</dt><dd data-fact="acting_for">${who.acting_for}</dd></div>
<div><dt>Holdfast</dt><dd data-fact="holdfast">${who.holdfast}</dd></div>
<div><dt>Ended sessions</dt><dd data-fact="revocations">${who.revocations}</dd></div>
<div><dt>View</dt><dd data-fact="view">${who.view}</dd></div>
<div><dt>Why this view</dt><dd data-fact="view_why">${who.view_why}</dd></div>
<div><dt>Flags from</dt><dd data-fact="view_from">${who.view_from}</dd></div>
</dl>
<p class="freshness" data-freshness role="status">As of when this page was made. <a href="/">Look again</a></p>
</aside>`
}

/** The same in one line, for a screen on which the panel is far below. */
export function panelLine(who: WhoAmI): Html {
  return html`<a class="chip" href="#who"><span class="mark" data-mark="${who.mark}" aria-hidden="true"></span><span><span data-fact="verdict">${who.verdict}</span>, from <span data-fact="source">${who.source}</span>, age <span data-age="${who.age_ms}">${ageOf(who)}</span></span></a>`
}

const ageOf = ({ age_ms }: WhoAmI) => (age_ms === null ? 'not known' : ageInWords(age_ms))

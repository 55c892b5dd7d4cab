import { headers } from '../../../../sdk/contract.ts'
import { type Html, html } from '../../../platform/html/html.ts'
import { securitySchemes } from '../callers.ts'
import { prose } from './prose.ts'

/** What holds for every address, said once. */
export function introduction(origin: string): Html {
  const schemes = Object.values(securitySchemes(origin))
  return html`
<section class="part" aria-labelledby="before">
<h2 id="before">Before the first call</h2>
<p>Everything is below <code>${origin}</code>. Most apps need none of it by hand: the SDK verifies in your own process, and
forwards <code>/auth/*</code> of your origin to here.</p>

<h3>Three answers, never two</h3>
<dl class="verdicts">
<dt><code>valid</code> <span class="status">200</span></dt><dd>Somebody is signed in. <code>source</code> tells how that is known and <code>age_ms</code> how old it is.</dd>
<dt><code>invalid</code> <span class="status">401</span></dt><dd>It is known that there is no session, and why: <code>reason</code>.</dd>
<dt><code>unknown</code> <span class="status">503</span></dt><dd>Something is away. Nobody is signed out by it: keep the cookies, and ask again after the seconds in <code>Retry-After</code>.</dd>
</dl>

<h3>Who may call</h3>
<table class="fields" aria-label="Ways to say who is calling">
<thead><tr><th scope="col">What is shown</th><th scope="col">Meaning</th></tr></thead>
<tbody>${schemes.map(
    ({ in: place, name, description }) => html`
<tr><th scope="row">${place ? html`<code>${name}</code> <span class="type">${place}</span>` : html`<code>Authorization: Bearer</code> <span class="type">header</span>`}</th><td>${prose(description)}</td></tr>`,
  )}
</tbody>
</table>

<h3>What holds everywhere</h3>
<ul>
<li>A refusal is a problem document (RFC 9457). Its <code>code</code> is stable, its <code>detail</code> says what to do, and its
<code>type</code> leads to <a href="/docs/problems">the list of problems</a>.</li>
<li>What changes something must come from the page’s own origin: a browser’s <code>Origin</code> is compared, and another site is
refused.</li>
<li>Bodies are JSON in UTF-8, at most 64 KiB. Types are taken at their word: <code>"5"</code> is no number.</li>
<li>Times are RFC 3339 in UTC. Ids are text; nothing is to be read out of them.</li>
<li>Lists are pages: send <code>next_cursor</code> as <code>cursor</code> until it is null.</li>
<li>Without <code>${headers.audience}: console</code> the cookie of the console is not read at all.</li>
</ul>

<h3>Try it</h3>
<p>Sign in from a terminal. Each line keeps its cookies in the file <code>jar</code>, and the next one sends them.</p>
<pre class="example" aria-label="Signing in with curl"><code>curl --cookie-jar jar --cookie jar ${origin}/v1/sign-in/email --json '{"email":"ana@acme.example"}'
curl --cookie-jar jar --cookie jar ${origin}/v1/sign-in/email/verify --json '{"challenge_id":"chl_…","code":"482913"}'
curl --cookie-jar jar --cookie jar ${origin}/v1/session</code></pre>
</section>`
}

import { type Html, html } from '../html.ts'

/** For somebody who is not signed in. */
export function landingPage({ signInUrl, because }: { signInUrl: string; because?: string }): Html {
  return html`<div class="landing">
<section class="pitch">
<h1>What the team saw today, on one page.</h1>
<p class="lead">Fieldnotes is a notebook for people who work out of each other’s sight. Write a line; everybody has it.</p>
${because !== undefined && html`<p class="because">${because}</p>`}
<p><a class="button" href="${signInUrl}">Sign in</a></p>
<p class="small">You get a code by e-mail. There is no password to forget.</p>
</section>
<div class="sample" aria-hidden="true">
<div class="leaf"><div class="margin"><span class="author">Mirela</span> 07:12</div><div class="body"><p class="text">Gauge at the north weir reads 4 cm low. Looked twice.</p></div></div>
<div class="leaf"><div class="margin"><span class="author">Tomás</span> 08:40</div><div class="body"><p class="text">Two herons by the ferry. The ferry is late again.</p></div></div>
<div class="leaf"><div class="margin"><span class="author">Ana</span> 09:05</div><div class="body"><p class="text">New batteries are in the van, left drawer.</p></div></div>
</div>
</div>`
}

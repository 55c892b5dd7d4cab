import { type Html, html } from '../../../../platform/html/html.ts'
import type { Page } from '../../pages/index.ts'

/** The foot of the account page: what leads to pages of their own, because each wants a fresh sign-in. */
export function lifeSection(page: Page): Html {
  const words = page.words.accountLife.section
  const linked = page.words.federation.linked
  const ways = [
    { path: '/account/passkeys', label: words.passkeys, hint: words.passkeysHint },
    { path: '/account/recovery-codes', label: words.recoveryCodes, hint: words.recoveryCodesHint },
    { path: '/account/linked-identities', label: linked.title, hint: linked.hint },
    { path: '/account/email', label: words.email, hint: words.emailHint },
    { path: '/account/export', label: words.export, hint: words.exportHint },
    { path: '/account/delete', label: words.delete, hint: words.deleteHint },
  ]
  return html`<section aria-labelledby="life">
<h2 id="life">${words.title}</h2>
<ul class="rows">${ways.map(
    ({ path, label, hint }) =>
      html`<li><div><p><a href="${page.link(path)}">${label}</a></p><p class="hint">${hint}</p></div></li>`,
  )}</ul>
</section>`
}

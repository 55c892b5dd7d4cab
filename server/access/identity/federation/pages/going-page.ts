import { html } from '../../../../platform/html/html.ts'
import { documentOf, type Page } from '../../pages/page.ts'

/**
 * Sends on to a provider. Not by a redirect: Chromium holds whatever follows a form against `form-action`, also where a
 * provider sends on to yet another one, and whose origins those are nobody here knows.
 */
export function goingPage(
  page: Page,
  { name, url, afterSeconds = 0 }: { name: string; url: string; afterSeconds?: number },
): string {
  const words = page.words.federation
  return documentOf(page, {
    title: words.goingTitle(name),
    head: html`<meta http-equiv="refresh" content="${afterSeconds};url=${url}">`,
    body: html`
<p class="lede">${words.going(name)}</p>
<p><a class="button primary" id="provider" href="${url}">${words.continueWith(name)}</a></p>`,
  })
}

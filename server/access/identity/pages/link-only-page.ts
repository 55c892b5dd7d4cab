import { html } from '../../../platform/html/html.ts'
import { deviceIn } from '../words/device.ts'
import { momentAgo } from './moment.ts'
import { documentOf, type Page } from './page.ts'

/** The link, opened in another browser, while codes are not taken: it works in the browser that asked, and only there. */
export function linkOnlyPage(page: Page, props: { device: string; startedAt: Date }): string {
  const words = page.words.link
  return documentOf(page, {
    title: words.linkOnlyTitle,
    body: html`
<p class="lede">${words.linkOnlyLede(deviceIn(page.words, props.device), momentAgo(page, props.startedAt))}</p>
<p class="hint">${words.linkOnlyHint}</p>`,
  })
}

import { html } from '../../../../platform/html/html.ts'
import { documentOf, type Page } from '../../pages/page.ts'

export interface FailedProps {
  name: string
  why: 'denied' | 'refused' | 'notFresh' | 'unreachable' | 'busy'
  againPath: string
}

/** Somebody came back from a provider, and is not let in by it. */
export function failedPage(page: Page, { name, why, againPath }: FailedProps): string {
  const words = page.words.federation
  return documentOf(page, {
    title: words.failedTitle(name),
    body: html`
<p class="lede">${words[why](name)}</p>
<p><a class="button primary" href="${page.link(againPath)}">${why === 'busy' ? words.onceMore : words.again}</a></p>`,
  })
}

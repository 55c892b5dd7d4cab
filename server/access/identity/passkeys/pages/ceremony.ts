import { attributes, type Html, type HtmlValue, html } from '../../../../platform/html/html.ts'
import type { Form, Page } from '../../pages/page.ts'

/** What the script needs in order to run one ceremony and to hand its result in. */
export interface Ceremony {
  kind: 'get' | 'create'
  /** Where it begins, and with what. */
  beginPath: string
  asked: Readonly<Record<string, string>>
  /** Where its result goes, as the field `response`. */
  form: Form
  /** It waits in the page for autofill, too. */
  isConditional?: boolean
  /** For the console's cookie. */
  audience?: string | null
}

/**
 * A form that is hidden until a browser shows that it has passkeys: without script there is nothing to press that would
 * not work.
 */
export function ceremonyForm(page: Page, ceremony: Ceremony, content: HtmlValue): Html {
  const words = page.words.passkeys
  const { kind, beginPath, asked, form, isConditional, audience } = ceremony
  const said = {
    'data-passkey': kind,
    'data-begin': page.link(beginPath),
    'data-asked': JSON.stringify(asked),
    'data-conditional': isConditional ? '' : null,
    'data-audience': audience ?? null,
    'data-cancelled': words.cancelled,
    'data-exists': words.exists,
    'data-failed': words.unable,
    'data-away': words.away,
    'data-over': words.refused.over,
  }
  return html`<form method="post" ${attributes({ action: page.link(form.path), hidden: true, ...said })}>
${Object.entries(form.hidden ?? {}).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<input type="hidden" name="response">
${content}
<p class="error" role="alert" data-said hidden></p>
</form>`
}

export const ceremonyScript = (page: Page): Html | null =>
  page.isInert ? null : html`<script type="module" src="${page.link('/assets/passkeys.js')}"></script>`

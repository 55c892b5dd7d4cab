import { html } from '../../../platform/html/html.ts'
import { deviceIn } from '../words/device.ts'
import { moment, momentAgo } from './moment.ts'
import { documentOf, type Form, formOf, type Page } from './page.ts'

export interface LinkReadyProps {
  email: string
  /** `POST /sign-in/link/{token}`: opening the page consumes nothing, because mail scanners open links. */
  form: Form
}

/** The link, opened in the browser that asked for it. */
export function linkReadyPage(page: Page, props: LinkReadyProps): string {
  const words = page.words.link
  return documentOf(page, {
    title: words.readyTitle(page.brand.name),
    body: html`
<p class="lede">${words.readyLede(props.email)}</p>
${formOf(page, props.form, html`<input type="hidden" name="passkeys" data-passkeys><button type="submit" class="primary">${words.submit}</button>`)}
<p class="hint">${words.notYou}</p>`,
  })
}

export interface LinkElsewhereProps {
  /** The code, six digits. */
  code: string
  /** The browser that asked, in words. */
  device: string
  startedAt: Date
  expiresAt: Date
  /** The host on whose page the code is to be typed. */
  host: string
}

/** The link, opened in another browser: it shows the code, and signs nobody in here. */
export function linkElsewherePage(page: Page, props: LinkElsewhereProps): string {
  const words = page.words.link
  return documentOf(page, {
    title: words.elsewhereTitle,
    body: html`
<p class="lede">${words.elsewhereLede(deviceIn(page.words, props.device), momentAgo(page, props.startedAt))}</p>
<p class="shown-code">${codeGroups(props.code)}</p>
<p>${words.elsewhereUntil(moment(page, props.expiresAt))}</p>
<p class="hint">${words.elsewhereCaution(props.host)}</p>`,
  })
}

export interface LinkSpentProps {
  why: 'used' | 'expired' | 'replaced' | 'unknown'
  /** Where a new mail is asked for, `/sign-in?…`. */
  againPath: string
}

export function linkSpentPage(page: Page, props: LinkSpentProps): string {
  const words = page.words.link
  const { title, detail } = words.spent[props.why]
  return documentOf(page, {
    title,
    body: html`
<p class="lede">${detail}</p>
<p><a class="button primary" href="${page.link(props.againPath)}">${words.again}</a></p>`,
  })
}

/** Two groups of three are read and typed more easily; the gap is drawn, so that a copy has six digits. */
function codeGroups(code: string) {
  const middle = Math.ceil(code.length / 2)
  return html`<span class="group">${code.slice(0, middle)}</span><span class="group">${code.slice(middle)}</span>`
}

import { attributes, type Html, html } from '../../../platform/html/html.ts'
import { moment, momentAgo } from './moment.ts'
import { documentOf, type Page } from './page.ts'

/** More than these are counted, not shown. */
const MAILS_SHOWN_MAX = 50

export interface DevelopmentMail {
  id: string
  to: string
  from: string
  subject: string
  date: Date
  text: string
  html: string
  code?: string | null
}

export interface MailboxProps {
  /** Newest first. */
  mails: DevelopmentMail[]
}

/** The inbox of the development sink. `/dev/mail?id=…` opens one mail. */
export function mailboxPage(page: Page, props: MailboxProps): string {
  const words = page.words.mailbox
  const { columns } = words
  const hidden = props.mails.length - MAILS_SHOWN_MAX
  const isEmpty = props.mails.length === 0
  return documentOf(page, {
    title: words.title,
    width: 'sheet',
    body: html`
<p class="lede">${words.lede}</p>
<p class="ways"><a href="${page.link('/dev/mail')}">${words.reload}</a> <a href="${page.link('/sign-in')}">${words.toSignIn}</a></p>
${isEmpty && html`<p class="empty">${words.none}</p>`}
${
  !isEmpty &&
  html`<div class="scroll" tabindex="0" role="region" aria-label="${words.title}"><table>
<thead><tr><th scope="col">${columns.at}</th><th scope="col">${columns.to}</th><th scope="col">${columns.subject}</th></tr></thead>
<tbody>${props.mails.slice(0, MAILS_SHOWN_MAX).map((mail) => row(page, mail))}</tbody>
</table></div>`
}
${hidden > 0 && html`<p class="hint">${words.more(hidden)}</p>`}`,
  })
}

function row(page: Page, mail: DevelopmentMail): Html {
  return html`<tr>
<td>${momentAgo(page, mail.date)}</td>
<td>${mail.to}</td>
<td><a href="${page.link(`/dev/mail?id=${encodeURIComponent(mail.id)}`)}">${mail.subject}</a></td>
</tr>`
}

/** One mail: its code large, its links to press, its text, and its HTML as source. */
export function mailPage(page: Page, mail: DevelopmentMail): string {
  const words = page.words.mailbox
  return documentOf(page, {
    title: mail.subject,
    width: 'sheet',
    body: html`
<p class="aside"><a href="${page.link('/dev/mail')}">${words.back}</a></p>
<dl class="facts">
<dt>${words.from}</dt><dd>${mail.from}</dd>
<dt>${words.to}</dt><dd>${mail.to}</dd>
<dt>${words.at}</dt><dd>${moment(page, mail.date)}</dd>
</dl>
${mail.code && shownCode(page, mail.code)}
<h2>${words.text}</h2>
${mail.text ? html`<pre>${linked(mail.text)}</pre>` : html`<p class="hint">${words.noText}</p>`}
${mail.html && html`<details><summary>${words.source}</summary><pre>${mail.html}</pre></details>`}`,
  })
}

export function mailGonePage(page: Page): string {
  const words = page.words.mailbox
  return documentOf(page, {
    title: words.title,
    body: html`<p class="lede">${words.gone}</p><p><a class="button" href="${page.link('/dev/mail')}">${words.back}</a></p>`,
  })
}

function shownCode(page: Page, code: string): Html {
  const { copied, copy } = page.words.common
  return html`<p class="shown-code"><span id="mail-code">${code}</span>
<button type="button" ${attributes({ class: 'small', 'data-copy': 'mail-code', 'data-copied': copied, hidden: true })}>${copy}</button></p>`
}

/** The text with its web addresses as links; everything else stays text. */
function linked(text: string): (string | Html)[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : part))
}

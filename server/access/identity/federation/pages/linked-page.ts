import { type Html, html } from '../../../../platform/html/html.ts'
import { folded, type MineProps, saidLine } from '../../organizations/organizations-page.ts'
import { type Notice, noticeOf } from '../../pages/mark.ts'
import { momentAgo } from '../../pages/moment.ts'
import { documentOf, type Form, formOf, type Page } from '../../pages/page.ts'
import type { ClosedReason } from '../linked-identity.ts'

export interface LinkedShown {
  id: string
  /** The provider's name; null: it is not set up here any more. */
  provider: string | null
  email: string | null
  name: string | null
  linkedAt: Date
  lastProvedAt: Date
  closedReason: ClosedReason | null
  removeForm: Form
}

export interface LinkedPageProps {
  said: MineProps['said']
  linked: LinkedShown[]
  /** Where more can be linked. */
  offered: { name: string; form: Form; notice: Notice | null }[]
}

export function linkedPage(page: Page, props: LinkedPageProps): string {
  const words = page.words.federation.linked
  return documentOf(page, {
    title: words.title,
    width: 'sheet',
    hasError: props.said?.kind === 'error',
    body: html`
<p class="lede">${words.lede(page.brand.name)}</p>
${saidLine(props.said)}
${props.linked.length === 0 && html`<p class="empty">${words.none}</p>`}
${props.linked.length > 0 && html`<ul class="rows">${props.linked.map((each) => row(page, each))}</ul>`}
${props.offered.length > 0 && !page.acting && offered(page, props.offered)}
<p class="aside"><a href="${page.link('/account')}">${page.words.accountLife.toAccount}</a></p>`,
  })
}

function row(page: Page, each: LinkedShown): Html {
  const words = page.words.federation.linked
  const provider = each.provider ?? words.gone
  const who = each.email ?? each.name
  return html`<li class="deeds">
<div>
<p class="device">${provider}${who && html` <span class="hint">${words.as(who)}</span>`}</p>
<p class="hint">${words.at(momentAgo(page, each.linkedAt))} · ${words.proved(momentAgo(page, each.lastProvedAt))}</p>
${each.closedReason && html`<p class="hint">${words.closed[each.closedReason](provider)}</p>`}
${
  !page.acting &&
  folded(
    words.remove,
    html`<p class="hint">${words.removeAsk(provider)}</p>
${formOf(page, each.removeForm, html`<button type="submit" class="small danger">${words.removeNow(provider)}</button>`)}`,
  )
}
</div>
</li>`
}

function offered(page: Page, list: LinkedPageProps['offered']): Html {
  const words = page.words.federation.linked
  return html`<section aria-labelledby="add">
<h2 id="add">${words.add}</h2>
<p class="hint">${words.addHint}</p>
${list.map(
  ({ name, form, notice }) =>
    noticeOf(page.words, notice) ?? formOf(page, form, html`<button type="submit">${words.linkWith(name)}</button>`),
)}
</section>`
}

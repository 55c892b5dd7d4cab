import { type Html, html } from '../../../platform/html/html.ts'
import { documentOf, type Form, formOf, type Page } from '../pages/page.ts'

export interface MineProps {
  /** What was just done, in words; or what was refused and why. */
  said: { kind: 'done' | 'error'; text: string } | null
  memberships: {
    id: string
    name: string
    /** In words. */
    roles: string
    isCurrent: boolean
    /** `POST /account/organizations/current`. */
    useForm: Form
    leaveForm: Form
    /** Null: neither owner nor admin. */
    managePath: string | null
  }[]
  /** What organisations of theirs that do not take this session ask for, each sentence once; the organisations are not shown. */
  heldBack: readonly string[]
  invitations: { id: string; name: string; roles: string; path: string }[]
}

/** On whose behalf the person acts; works without script, and on a telephone. */
export function organizationsPage(page: Page, props: MineProps): string {
  const words = page.words.organizations
  return documentOf(page, {
    title: words.title,
    width: 'sheet',
    hasError: props.said?.kind === 'error',
    body: html`
<p class="lede">${words.lede}</p>
${saidLine(props.said)}
${props.memberships.length + props.heldBack.length === 0 && html`<p>${words.none}</p>`}
${props.memberships.length > 0 && html`<ul class="rows">${props.memberships.map((each) => membershipRow(page, each))}</ul>`}
${props.heldBack.length > 0 && heldBackNote(page, props.heldBack)}
${props.invitations.length > 0 && invitedList(page, props.invitations)}
<p class="aside"><a href="${page.link('/account')}">${page.words.accountLife.toAccount}</a></p>`,
  })
}

function heldBackNote(page: Page, sentences: readonly string[]): Html {
  const words = page.words.organizations
  return html`<section aria-labelledby="held-back">
<h2 id="held-back">${words.heldBackTitle}</h2>
<p>${words.heldBack}</p>
${sentences.map((sentence) => html`<p class="hint">${sentence}</p>`)}
</section>`
}

export const saidLine = (said: MineProps['said']): Html | null =>
  said &&
  (said.kind === 'error'
    ? html`<p class="notice failing" role="alert"><span>${said.text}</span></p>`
    : html`<p class="saved" role="status">${said.text}</p>`)

function invitedList(page: Page, invitations: MineProps['invitations']): Html {
  const words = page.words.organizations
  return html`<section aria-labelledby="invited">
<h2 id="invited">${words.invitedTitle}</h2>
<ul class="rows">${invitations.map(
    (each) => html`<li>
<div><p class="device">${each.name}</p><p class="hint">${each.roles}</p></div>
<a class="button small" href="${page.link(each.path)}" aria-label="${words.openOf(each.name)}">${words.open}</a>
</li>`,
  )}</ul>
</section>`
}

function membershipRow(page: Page, each: MineProps['memberships'][number]): Html {
  const words = page.words.organizations
  const { name } = each
  return html`<li class="deeds">
<div>
<p class="device">${name}${each.isCurrent && html` <span class="tag">${words.current}</span>`}</p>
<p class="hint">${each.roles}${each.managePath && html` · <a href="${page.link(each.managePath)}">${words.manage}</a>`}</p>
${folded(
  words.leave,
  html`<p class="hint">${words.leaveAsk(name)}</p>
${formOf(page, each.leaveForm, html`<button type="submit" class="small danger">${words.leaveNow(name)}</button>`)}`,
)}
</div>
${!each.isCurrent && formOf(page, each.useForm, html`<button type="submit" class="small" aria-label="${words.useOf(name)}">${words.use}</button>`)}
</li>`
}

/** What cannot be undone is asked once more, without a page of its own and without script. */
export const folded = (title: string, content: Html): Html =>
  html`<details class="asked"><summary>${title}</summary>${content}</details>`

import { type Html, html } from '../../../../platform/html/html.ts'
import { fieldOf } from '../../pages/field.ts'
import { moment } from '../../pages/moment.ts'
import { documentOf, type Form, formOf, type Page } from '../../pages/page.ts'
import { type Passkey, PASSKEYS_MAX } from '../passkey.ts'
import { type Ceremony, ceremonyForm, ceremonyScript } from './ceremony.ts'
import { nameField } from './offer-page.ts'

export type ShownPasskey = Pick<
  Passkey,
  'id' | 'name' | 'is_multi_device' | 'created_at' | 'last_used_at' | 'unconfirmed_since' | 'copied_at'
> & {
  /** Why it would let nobody in at the moment although nothing is wrong with it; null: it would. */
  asleep: 'dormant' | 'notTaken' | null
}

/** What can be done about adding one, here and now. */
export type Adding =
  | { state: 'ready'; ceremony: Ceremony; name: string }
  /** A fresh sign-in first, by the strongest method. */
  | { state: 'stale'; freshPath: string }
  | { state: 'full' }
  /** On an app's origin: ours is where it is done. */
  | { state: 'elsewhere'; url: string }
  /** The installation has no name, or no https. */
  | { state: 'unable' }

export interface PasskeysProps {
  passkeys: readonly ShownPasskey[]
  adding: Adding
  done?: 'added' | 'renamed' | 'removed' | 'confirmed' | null
  error?: string | null
  /** There are no recovery codes yet, and one passkey at least. */
  suggestsRecovery: boolean
}

export function passkeysPage(page: Page, props: PasskeysProps): string {
  const words = page.words.passkeys
  const { passkeys, adding, done, error } = props
  const mayChange = !page.acting
  return documentOf(page, {
    title: words.title,
    width: 'sheet',
    hasError: Boolean(error),
    head: ceremonyScript(page),
    body: html`
<p class="lede">${words.lede}</p>
${done && html`<p class="saved" role="status">${words[done]}</p>`}
${error && html`<p class="error" role="alert">${error}</p>`}
${passkeys.length === 0 ? html`<p class="hint">${words.none}</p>` : html`<ul class="rows">${passkeys.map((each) => row(page, each, mayChange))}</ul>`}
${mayChange && confirmAll(page, passkeys)}
${props.suggestsRecovery && !page.acting && html`<p class="notice"><span>${words.suggestRecovery} <a href="${page.link('/account/recovery-codes')}">${words.recoveryTitle}</a></span></p>`}
${!page.acting && addSection(page, adding)}
<p class="aside"><a href="${page.link('/account')}">${words.toAccount}</a></p>`,
  })
}

/** After a restore, in one step: whoever removed none of them would press as many buttons. */
function confirmAll(page: Page, passkeys: readonly ShownPasskey[]): Html | null {
  const words = page.words.passkeys
  const waiting = passkeys.filter((each) => each.unconfirmed_since !== null)
  if (waiting.length < 2) return null
  const button = html`<button type="submit" class="small">${words.confirmAll(waiting.length)}</button>`
  return formOf(page, { path: '/account/passkeys/confirm' }, button, { class: 'later' })
}

function row(page: Page, passkey: ShownPasskey, mayChange: boolean): Html {
  const words = page.words.passkeys
  const { id, name, is_multi_device: isSynced, created_at: addedAt, last_used_at: usedAt } = passkey
  return html`<li><div>
<p><strong>${name}</strong></p>
<p class="hint">${isSynced ? words.synced : words.bound}</p>
<p class="hint facts-line"><span>${words.addedAt(moment(page, addedAt))}</span><span>${usedAt ? words.usedAt(moment(page, usedAt)) : words.neverUsed}</span></p>
${passkey.asleep && html`<p class="hint">${words[passkey.asleep]}</p>`}
${passkey.copied_at && html`<p class="error">${words.seemsCopied}</p>`}
${passkey.unconfirmed_since && html`<p class="error">${words.unconfirmed}</p>`}
${mayChange && passkey.unconfirmed_since && formOf(page, { path: `/account/passkeys/${id}/confirm` }, html`<button type="submit" class="small" aria-label="${words.confirmOf(name)}">${words.confirmIt}</button>`, { class: 'later' })}
${mayChange && html`<details class="asked"><summary aria-label="${words.renameOf(name)}">${words.rename}</summary>${renameForm(page, id, name)}</details>`}
</div>
${mayChange && html`<a class="button small" href="${page.link(`/account/passkeys/${id}/remove`)}" aria-label="${words.removeOf(name)}">${words.remove}</a>`}
</li>`
}

function renameForm(page: Page, id: string, name: string): Html {
  const words = page.words.passkeys
  const field = fieldOf({
    name: 'name',
    id: `name-${id}`,
    label: words.name,
    input: { type: 'text', value: name, maxlength: 100, autocomplete: 'off', required: true },
  })
  return formOf(
    page,
    { path: `/account/passkeys/${id}/name` },
    html`${field}<button type="submit" class="small">${words.saveName}</button>`,
  )
}

function addSection(page: Page, adding: Adding): Html {
  const words = page.words.passkeys
  return html`<section aria-labelledby="add">
<h2 id="add">${words.addTitle}</h2>
${addContent(page, adding)}
</section>`
}

function addContent(page: Page, adding: Adding): Html {
  const words = page.words.passkeys
  switch (adding.state) {
    case 'ready':
      return html`<p class="hint">${words.addHint}</p>
${ceremonyForm(page, adding.ceremony, html`${nameField(page, adding.name)}<button type="button" data-start class="primary">${words.add}</button>`)}
<p data-unscripted>${words.addUnscripted}</p>
<p data-unable hidden>${words.addUnable}</p>`
    case 'stale':
      return html`<p class="hint">${words.addFresh}</p>
<p><a class="button" href="${page.link(adding.freshPath)}">${words.toFresh}</a></p>`
    case 'full':
      return html`<p class="hint">${words.addFull(PASSKEYS_MAX)}</p>`
    case 'elsewhere':
      return html`<p class="hint">${words.elsewhere(new URL(adding.url).host)}</p>
<p><a class="button" href="${adding.url}">${words.add}</a></p>`
    case 'unable':
      return html`<p class="hint">${words.unableHere}</p>`
  }
}

/** Removing asks once more: it cannot be undone, and may end sessions elsewhere (ASVS 7.4.3). */
export function removePage(page: Page, props: { passkey: Pick<ShownPasskey, 'name'>; form: Form }): string {
  const words = page.words.passkeys
  return documentOf(page, {
    title: words.removeTitle(props.passkey.name),
    body: html`
<p class="lede">${words.removeLede}</p>
${formOf(
  page,
  props.form,
  html`<div class="field check"><label><input type="checkbox" name="end_others" value="yes"> ${words.removeOthers}</label>
<p class="hint">${words.removeOthersHint}</p></div>
<button type="submit" class="danger">${words.remove}</button>`,
)}
<p class="aside"><a href="${page.link('/account/passkeys')}">${words.keep}</a></p>`,
  })
}

import { html } from '../../../../platform/html/html.ts'
import { fieldOf } from '../../pages/field.ts'
import { documentOf, type Form, formOf, type Page } from '../../pages/page.ts'
import { type Ceremony, ceremonyForm, ceremonyScript } from './ceremony.ts'

export interface OfferProps {
  ceremony: Ceremony
  /** What the passkey is called unless its owner says otherwise. */
  name: string
  /** `POST /account/passkeys/later`. */
  later: Form
  /** The organisation asks for one: there is no "not now". */
  isRequired: boolean
  error?: string | null
}

/** After a sign-in by mail. */
export function offerPage(page: Page, props: OfferProps): string {
  const words = page.words.passkeys
  return documentOf(page, {
    title: words.offerTitle,
    hasError: Boolean(props.error),
    head: ceremonyScript(page),
    body: html`
<p class="lede">${props.isRequired ? words.requiredLede(words.yourOrganization) : words.offerLede(page.brand.name)}</p>
${props.error && html`<p class="error" role="alert">${props.error}</p>`}
${ceremonyForm(page, props.ceremony, html`${nameField(page, props.name)}<button type="button" data-start class="primary">${words.add}</button>`)}
<p data-unscripted>${words.addUnscripted}</p>
<p data-unable hidden>${words.addUnable}</p>
${formOf(page, props.later, html`<button type="submit">${props.isRequired ? words.goOn : words.notNow}</button>`, props.isRequired ? { class: 'later', 'data-unable': true, hidden: true } : { class: 'later' })}`,
  })
}

export const nameField = (page: Page, value: string) =>
  fieldOf({
    name: 'name',
    label: page.words.passkeys.name,
    input: { type: 'text', value, maxlength: 100, autocomplete: 'off', required: true },
  })

import { type Html, html } from '../../../../platform/html/html.ts'
import { fieldOf } from '../../pages/field.ts'
import { documentOf, type Form, formOf, type Page } from '../../pages/page.ts'
import { type Ceremony, ceremonyForm, ceremonyScript } from './ceremony.ts'

export interface OfferProps {
  /** Its address. Said beside the button: whoever was left signed in as somebody else would give them a key of their own. */
  account: string | null
  taking: /** Its name is what the passkey is called unless its owner says otherwise. */
    | { ceremony: Ceremony; name: string }
    /** On an app's origin: ours is where it is done. */
    | { awayUrl: string }
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
    head: 'ceremony' in props.taking ? ceremonyScript(page) : null,
    body: html`
<p class="lede">${props.isRequired ? words.requiredLede(words.yourOrganization) : words.offerLede(page.brand.name)}</p>
${props.error && html`<p class="error" role="alert">${props.error}</p>`}
${
  'ceremony' in props.taking
    ? taking(page, props.account, props.taking)
    : html`<p class="hint">${words.elsewhere(new URL(props.taking.awayUrl).host)}</p>
<p><a class="button primary" href="${props.taking.awayUrl}">${words.add}</a></p>`
}
${formOf(page, props.later, html`<button type="submit">${props.isRequired ? words.goOn : words.notNow}</button>`, goOnAttributes(props))}`,
  })
}

/**
 * Where an organisation asks for a passkey, going on without is hidden as long as there is one to be made: by the script, once it
 * has seen that this browser can, and until it could not. Without script it stays. Nobody is held up by what they cannot do.
 */
const goOnAttributes = ({ isRequired, error, taking }: OfferProps): Record<string, string | boolean> =>
  isRequired && !error && 'ceremony' in taking
    ? { class: 'later', 'data-unable': true, 'data-failed-once': true }
    : { class: 'later' }

function taking(page: Page, account: string | null, { ceremony, name }: { ceremony: Ceremony; name: string }): Html {
  const words = page.words.passkeys
  return html`${account && html`<p class="hint">${words.offerFor(account)}</p>`}
${ceremonyForm(page, ceremony, html`${nameField(page, name)}<button type="button" data-start class="primary">${words.add}</button>`)}
<p data-unscripted>${words.addUnscripted}</p>
<p data-unable hidden>${words.addUnable}</p>`
}

export const nameField = (page: Page, value: string) =>
  fieldOf({
    name: 'name',
    label: page.words.passkeys.name,
    input: { type: 'text', value, maxlength: 100, autocomplete: 'off', required: true },
  })

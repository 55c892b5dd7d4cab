import type { Reason } from '../../../../sdk/contract.ts'
import { type Html, html } from '../../../platform/html/html.ts'
import { fieldOf } from './field.ts'
import { type Notice, noticeOf } from './mark.ts'
import { momentAgo } from './moment.ts'
import { documentOf, type Form, formOf, type Page } from './page.ts'

/** Longer addresses cannot be delivered (RFC 5321 §4.5.3.1.3). */
const EMAIL_LENGTH_MAX = 254

export interface SignInProps {
  /** `POST /sign-in`. The field is named `email`. */
  form: Form
  /** What was typed before, or who is asked to confirm. */
  email?: string
  error?: 'missing' | 'invalid' | 'too_long' | null
  /** A fresh sign-in is asked for (step-up): another title, and nobody is signed out. */
  isFresh?: boolean
  /** Why there is no session any more, when that is known. */
  ended?: { reason: Reason; at: Date | null } | null
  /** A dependency that is not well, when it touches sign-in. */
  notice?: Notice | null
  /** Where printed codes are taken; only the console has that way in. */
  breakGlassPath?: string | null
  /** Those to which no domain belongs: whoever has an account there says so by the button. */
  providers?: readonly ProviderButton[]
}

export interface ProviderButton {
  name: string
  /** `POST /sign-in/provider/{id}`. */
  form: Form
  /** It is down: said in the place of the button. */
  notice: Notice | null
}

export function signInPage(page: Page, props: SignInProps): string {
  const words = page.words.signIn
  const { ended, error } = props
  return documentOf(page, {
    title: props.isFresh ? words.freshTitle : words.title(page.brand.name),
    hasError: Boolean(error),
    body: html`
${ended && html`<p class="notice"><span>${words.ended(ended.at && momentAgo(page, ended.at), page.words.reasons[ended.reason])}</span></p>`}
<p class="lede">${props.isFresh ? words.freshLede(page.brand.name) : words.lede}</p>
${formOf(
  page,
  props.form,
  html`${fieldOf({
    name: 'email',
    label: page.words.common.email,
    error: error && words.errors[error],
    input: {
      type: 'email',
      value: props.email ?? '',
      autocomplete: 'email',
      autocapitalize: 'none',
      spellcheck: 'false',
      maxlength: EMAIL_LENGTH_MAX,
      required: true,
      autofocus: true,
    },
  })}
<button type="submit" class="primary">${words.send}</button>`,
  // Our own sentence is shown instead of the browser's, which a screen reader may miss.
  { novalidate: true },
)}
${props.providers && props.providers.length > 0 && providerButtons(page, props.providers)}
${noticeOf(page.words, props.notice)}
${props.breakGlassPath && html`<p class="hint"><a href="${page.link(props.breakGlassPath)}">${page.words.breakGlass.link}</a></p>`}`,
  })
}

function providerButtons(page: Page, buttons: readonly ProviderButton[]): Html {
  const words = page.words.federation
  return html`<p class="or"><span>${words.or}</span></p>
${buttons.map(
  ({ name, form, notice }) =>
    noticeOf(page.words, notice) ??
    formOf(page, form, html`<button type="submit">${words.continueWith(name)}</button>`),
)}`
}

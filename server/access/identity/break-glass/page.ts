import { html } from '../../../platform/html/html.ts'
import { fieldOf } from '../pages/field.ts'
import { type Notice, noticeOf } from '../pages/mark.ts'
import { documentOf, type Form, formOf, type Page } from '../pages/page.ts'

export interface BreakGlassProps {
  /** `POST /sign-in/break-glass`. The fields are named `email` and `code`. */
  form: Form
  email?: string
  error?: 'wrong' | null
  emailError?: 'missing' | 'invalid' | 'too_long' | null
  notice?: Notice | null
}

export function breakGlassPage(page: Page, props: BreakGlassProps): string {
  const words = page.words.breakGlass
  return documentOf(page, {
    title: words.title,
    hasError: Boolean(props.error || props.emailError),
    body: html`
<p class="lede">${words.lede}</p>
${noticeOf(page.words, props.notice)}
${formOf(
  page,
  props.form,
  html`${fieldOf({
    name: 'email',
    label: page.words.common.email,
    error: props.emailError && page.words.signIn.errors[props.emailError],
    input: {
      type: 'email',
      value: props.email ?? '',
      autocomplete: 'email',
      autocapitalize: 'none',
      spellcheck: 'false',
      required: true,
      autofocus: !props.error,
    },
  })}
${fieldOf({
  name: 'code',
  label: words.code,
  error: props.error && words.wrong,
  hint: words.hint,
  input: {
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    maxlength: 100,
    required: true,
    autofocus: Boolean(props.error),
  },
})}
<button type="submit" class="primary">${words.submit}</button>`,
  { novalidate: true },
)}`,
  })
}

export function breakGlassDonePage(page: Page, props: { email: string; left: number; consolePath: string }): string {
  const words = page.words.breakGlass
  return documentOf(page, {
    title: words.doneTitle,
    body: html`
<p class="lede">${words.done(props.email, props.left)}</p>
${props.left <= FEW && html`<p>${words.few}</p>`}
<p><a class="button primary" href="${page.link(props.consolePath)}">${page.words.enrol.toConsole}</a></p>`,
  })
}

/** With so few left, the next outage of the mail provider may be the last one that ends well. */
const FEW = 3

import { html } from '../../../../platform/html/html.ts'
import { fieldOf } from '../../pages/field.ts'
import { type Notice, noticeOf } from '../../pages/mark.ts'
import { documentOf, type Form, formOf, type Page } from '../../pages/page.ts'

export interface ArrivalProps {
  /** The provider's. */
  name: string
  /** `POST /sign-in/arrival`. The field is named `email`. */
  form: Form
  email: string
  error?: 'missing' | 'invalid' | 'too_long' | null
  notice?: Notice | null
}

export function arrivalPage(page: Page, props: ArrivalProps): string {
  const words = page.words.federation.arrival
  const { error } = props
  return documentOf(page, {
    title: words.title,
    hasError: Boolean(error),
    body: html`
<p class="lede">${words.lede(props.name)}</p>
${formOf(
  page,
  props.form,
  html`${fieldOf({
    name: 'email',
    label: page.words.common.email,
    error: error && page.words.signIn.errors[error],
    input: {
      type: 'email',
      value: props.email,
      autocomplete: 'email',
      autocapitalize: 'none',
      spellcheck: 'false',
      required: true,
      autofocus: true,
    },
  })}
<button type="submit" class="primary">${words.send}</button>`,
  { novalidate: true },
)}
${noticeOf(page.words, props.notice)}`,
  })
}

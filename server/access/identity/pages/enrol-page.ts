import { html } from '../../../platform/html/html.ts'
import { fieldOf } from './field.ts'
import { moment } from './moment.ts'
import { documentOf, type Form, formOf, type Page } from './page.ts'

export interface EnrolProps {
  /** `POST /enrol/{token}`. The field is named `email`. */
  form: Form
  email?: string
  error?: 'missing' | 'invalid' | 'too_long' | null
  expiresAt: Date | null
}

export function enrolPage(page: Page, props: EnrolProps): string {
  const words = page.words.enrol
  return documentOf(page, {
    title: words.title,
    hasError: Boolean(props.error),
    body: html`
<p class="lede">${words.lede(page.brand.name)}</p>
${formOf(
  page,
  props.form,
  html`${fieldOf({
    name: 'email',
    label: words.label,
    error: props.error && page.words.signIn.errors[props.error],
    hint: props.expiresAt && words.until(moment(page, props.expiresAt)),
    input: {
      type: 'email',
      value: props.email ?? '',
      autocomplete: 'email',
      autocapitalize: 'none',
      spellcheck: 'false',
      required: true,
      autofocus: true,
    },
  })}
<button type="submit" class="primary">${words.submit}</button>`,
  { novalidate: true },
)}`,
  })
}

export function enrolDonePage(page: Page, props: { email: string; consolePath: string }): string {
  const words = page.words.enrol
  return documentOf(page, {
    title: words.doneTitle,
    body: html`
<p class="lede">${words.done(props.email)}</p>
<p><a class="button primary" href="${page.link(props.consolePath)}">${words.toConsole}</a></p>`,
  })
}

/** The link was used, has expired, or never was one: one answer for all three. */
export function enrolSpentPage(page: Page): string {
  const words = page.words.enrol
  return documentOf(page, { title: words.spentTitle, body: html`<p class="lede">${words.spent}</p>` })
}

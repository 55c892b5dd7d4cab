import { html } from '../../../platform/html/html.ts'
import { fieldOf } from '../pages/field.ts'
import { moment } from '../pages/moment.ts'
import { documentOf, type Form, formOf, type Page } from '../pages/page.ts'

export interface RescueProps {
  /** `POST /sign-in/rescue`. The fields are named `email` and `code`. */
  form: Form
  email?: string
  error?: 'wrong' | null
  emailError?: 'missing' | 'invalid' | 'too_long' | null
}

export function rescuePage(page: Page, props: RescueProps): string {
  const words = page.words.rescue
  return documentOf(page, {
    title: words.title,
    hasError: Boolean(props.error || props.emailError),
    body: html`
<p class="lede">${words.lede}</p>
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

export interface RescuedProps {
  organization: string
  until: Date
  /** Where they go on. */
  path: string
}

/** What they have, until when, and what it cannot do. */
export function rescuedPage(page: Page, { organization, until, path }: RescuedProps): string {
  const words = page.words.rescue
  return documentOf(page, {
    title: words.doneTitle,
    body: html`
<p class="lede">${words.done(organization)} ${words.until} ${moment(page, until)}.</p>
<ul class="follows hint">
<li>${words.cannot}</li>
<li>${words.one}</li>
<li>${words.told}</li>
</ul>
<p><a class="button primary" href="${page.link(path)}">${words.goOn}</a></p>`,
  })
}

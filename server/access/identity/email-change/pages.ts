import { html } from '../../../platform/html/html.ts'
import { type Form, moment, type Page } from '../pages/index.ts'
import { fieldOf } from '../pages/field.ts'
import { documentOf, formOf } from '../pages/page.ts'

export interface EmailPageProps {
  /** `POST /account/email`. The field is named `email`. */
  form: Form
  email: string
  typed?: string
  error?: 'missing' | 'invalid' | 'too_long' | 'same' | null
  /** It was changed just now. */
  isChanged?: boolean
}

export function emailPage(page: Page, props: EmailPageProps): string {
  const words = page.words.emailChange
  const { error } = props
  return documentOf(page, {
    title: words.title,
    hasError: Boolean(error),
    body: html`
${props.isChanged && html`<p class="saved" role="status">${words.changed}</p>`}
<p class="lede">${words.lede(props.email)}</p>
${formOf(
  page,
  props.form,
  html`${fieldOf({
    name: 'email',
    label: words.label,
    error: error && (error === 'same' ? words.same : page.words.signIn.errors[error]),
    hint: words.hint,
    input: {
      type: 'email',
      value: props.typed ?? '',
      autocomplete: 'email',
      autocapitalize: 'none',
      spellcheck: 'false',
      required: true,
      autofocus: !props.isChanged,
    },
  })}
<button type="submit" class="primary">${words.send}</button>`,
  { novalidate: true },
)}
${toAccount(page)}`,
  })
}

export interface EmailCodePageProps {
  /** `POST /account/email/code`. The field is named `code`. */
  form: Form
  email: string
  expiresAt: Date
  error?: 'wrong' | 'malformed' | 'expired' | 'spent' | null
  attemptsLeft?: number | null
}

export function emailCodePage(page: Page, props: EmailCodePageProps): string {
  const words = page.words.emailChange
  const { error, attemptsLeft } = props
  const isOver = error === 'expired' || error === 'spent'
  const left = error === 'wrong' && typeof attemptsLeft === 'number' ? ` ${words.attempts(attemptsLeft)}` : ''
  return documentOf(page, {
    title: isOver ? page.words.code.overTitle : words.codeTitle,
    hasError: Boolean(error),
    body: html`
${isOver && html`<p class="lede" role="alert">${words.errors[error]}</p>`}
${!isOver && html`<p class="lede">${words.codeLede(props.email)}</p>`}
${
  !isOver &&
  formOf(
    page,
    props.form,
    html`${fieldOf({
      name: 'code',
      label: words.codeLabel,
      error: error && words.errors[error] + left,
      hint: words.until(moment(page, props.expiresAt)),
      input: {
        class: 'code',
        type: 'text',
        inputmode: 'numeric',
        autocomplete: 'one-time-code',
        pattern: '[0-9\\s\\-]*',
        maxlength: 16,
        spellcheck: 'false',
        required: true,
        autofocus: true,
      },
    })}
<button type="submit" class="primary">${words.confirm}</button>`,
    { novalidate: true },
  )
}
${isOver && html`<p><a class="button primary" href="${page.link('/account/email')}">${words.again}</a></p>`}
${!isOver && html`<p class="aside"><a href="${page.link('/account/email')}">${words.another}</a></p>`}
${toAccount(page)}`,
  })
}

const toAccount = (page: Page) =>
  html`<p class="aside"><a href="${page.link('/account')}">${page.words.accountLife.toAccount}</a></p>`

/** What a link of a mail asks before it does anything: opening it consumes nothing. */
export function linkPage(page: Page, props: { purpose: 'prove' | 'undo'; form: Form; email: string }): string {
  const words = page.words.emailChange
  const isProof = props.purpose === 'prove'
  return documentOf(page, {
    title: isProof ? words.proveTitle : words.undoTitle,
    body: html`
<p class="lede">${isProof ? words.proveLede(props.email) : words.undoLede(props.email)}</p>
${formOf(page, props.form, html`<button type="submit" class="primary">${isProof ? words.prove : words.undo}</button>`)}`,
  })
}

export function linkDonePage(page: Page, props: { purpose: 'prove' | 'undo'; email: string }): string {
  const words = page.words.emailChange
  const isProof = props.purpose === 'prove'
  return documentOf(page, {
    title: isProof ? words.proven : words.undone,
    body: html`
<p class="lede">${isProof ? words.provenLede(props.email) : words.undoneLede(props.email)}</p>
<p><a class="button primary" href="${page.link('/sign-in')}">${words.signIn}</a></p>`,
  })
}

/** It was used, has expired, or never was one: one answer for all of them. */
export function linkSpentPage(page: Page): string {
  const words = page.words.emailChange
  return documentOf(page, { title: words.spentTitle, body: html`<p class="lede">${words.spent}</p>` })
}

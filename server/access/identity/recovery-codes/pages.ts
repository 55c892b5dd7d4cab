import { html } from '../../../platform/html/html.ts'
import { fieldOf } from '../pages/field.ts'
import { moment } from '../pages/moment.ts'
import { documentOf, type Form, formOf, type Page } from '../pages/page.ts'

/** With so few left, the next loss may be the last one that ends well. */
const FEW = 3

export interface RecoveryCodesProps {
  left: number
  madeAt: Date | null
  /** `POST /account/recovery-codes`. */
  form: Form
}

export function recoveryCodesPage(page: Page, { left, madeAt, form }: RecoveryCodesProps): string {
  const words = page.words.passkeys
  return documentOf(page, {
    title: words.recoveryTitle,
    body: html`
<p class="lede">${words.recoveryLede}</p>
<p>${madeAt ? words.recoveryLeft(left, moment(page, madeAt)) : words.recoveryNone}</p>
${madeAt && left <= FEW && html`<p class="notice degraded"><span>${left === 0 ? words.recoveryOut : words.recoveryFew}</span></p>`}
${!page.acting && formOf(page, form, html`<button type="submit" class="primary">${madeAt ? words.makeAnew : words.make}</button>`)}
${!page.acting && madeAt && html`<p class="hint">${words.makeVoids}</p>`}
<p class="aside"><a href="${page.link('/account')}">${words.toAccount}</a></p>`,
  })
}

/** Shown this once; nothing of it is kept, and no cache keeps a page of ours. */
export function madeCodesPage(page: Page, { codes, email }: { codes: readonly string[]; email: string }): string {
  const words = page.words.passkeys
  return documentOf(page, {
    title: words.madeTitle,
    body: html`
<p class="lede">${words.madeLede}</p>
<p class="printed-only">${words.madeFor(email, page.brand.name)}</p>
<pre class="codes" id="codes">${codes.join('\n')}</pre>
<p class="ways unprinted"><button type="button" class="small" data-copy="codes" data-copied="${words.copied}" hidden>${words.copy}</button>
<button type="button" class="small" data-print hidden>${words.print}</button>
<button type="button" class="small" data-download="codes" data-filename="recovery-codes.txt" data-heading="${words.madeFor(email, page.brand.name)}" hidden>${words.download}</button></p>
<p class="unprinted"><a class="button primary" href="${page.link('/account/recovery-codes')}">${words.done}</a></p>`,
  })
}

export interface UseCodeProps {
  /** `POST /sign-in/recovery-code`. The fields are named `email` and `code`. */
  form: Form
  email?: string
  error?: 'wrong' | null
  emailError?: 'missing' | 'invalid' | 'too_long' | null
  otherPath: string
}

export function useCodePage(page: Page, props: UseCodeProps): string {
  const words = page.words.passkeys
  return documentOf(page, {
    title: words.useTitle,
    hasError: Boolean(props.error || props.emailError),
    body: html`
<p class="lede">${words.useLede}</p>
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
  hint: words.codeHint,
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
<button type="submit" class="primary">${words.use}</button>`,
  { novalidate: true },
)}
<p class="aside"><a href="${page.link(props.otherPath)}">${words.otherWay}</a></p>`,
  })
}

import { attributes, type Html, html } from '../../../platform/html/html.ts'
import { fieldOf } from './field.ts'
import { type Notice, noticeOf } from './mark.ts'
import { moment } from './moment.ts'
import { documentOf, type Form, formOf, type Page } from './page.ts'

/** Six digits, and room for the spaces and dashes that people type or paste between them. */
const TYPED_LENGTH_MAX = 16

export interface CodeProps {
  /** The address as it was typed. */
  email: string
  /** `POST /sign-in/code`. The field is named `code`; spaces and dashes in it mean nothing. */
  form: Form
  /** Asks for a new code: `POST /sign-in` with `email` among the hidden fields. `from`: before this it is refused. */
  resend: Form & { from: Date | null }
  /** The page on which another address is typed, `/sign-in?…`. */
  anotherPath: string
  expiresAt: Date
  error?: 'wrong' | 'malformed' | 'expired' | 'spent' | null
  /** Told beside the error, once there was a wrong code. */
  attemptsLeft?: number | null
  /** Only the link of the mail is accepted (100 wrong codes in 24 h, and this browser is not known). */
  isLinkOnly?: boolean
  /** The provider, by its name, that the person came back from and that the code joins to the account. */
  joins?: string | null
  notice?: Notice | null
}

export function codePage(page: Page, props: CodeProps): string {
  const words = page.words.code
  const isOver = props.error === 'expired' || props.error === 'spent'
  return documentOf(page, {
    title: isOver ? words.overTitle : props.isLinkOnly ? words.linkOnlyTitle : words.title,
    hasError: Boolean(props.error),
    body: html`
${props.joins && html`<p class="notice"><span>${page.words.federation.arrival.why(props.joins)}</span></p>`}
${isOver ? over(page, props) : props.isLinkOnly ? linkOnly(page, props) : codeForm(page, props)}
${noticeOf(page.words, props.notice)}
${!isOver && resend(page, props)}
<p class="aside"><a href="${page.link(props.anotherPath)}">${words.another}</a></p>`,
  })
}

function codeForm(page: Page, props: CodeProps): Html {
  const words = page.words.code
  const { error, attemptsLeft } = props
  const attempts = error === 'wrong' && typeof attemptsLeft === 'number' ? ` ${words.attempts(attemptsLeft)}` : ''
  return html`<p class="lede">${words.lede(props.email)}</p>
${formOf(
  page,
  props.form,
  html`${fieldOf({
    name: 'code',
    label: words.label,
    error: error && words.errors[error] + attempts,
    hint: html`${words.until(moment(page, props.expiresAt))} <span data-scripted hidden>${words.automatic}</span>`,
    input: {
      class: 'code',
      type: 'text',
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      pattern: '[0-9\\s\\-]*',
      maxlength: TYPED_LENGTH_MAX,
      spellcheck: 'false',
      required: true,
      autofocus: true,
      'data-digits': 6,
    },
  })}
<input type="hidden" name="passkeys" data-passkeys>
<button type="submit" class="primary">${words.submit}</button>`,
  { novalidate: true },
)}`
}

/** The code is over: nothing is left to type, so the way on is the only button. */
function over(page: Page, props: CodeProps): Html {
  const words = page.words.code
  const error = props.error === 'spent' ? words.errors.spent : words.errors.expired
  return html`<p class="lede" role="alert" id="code-error">${error}</p>
${formOf(page, props.resend, html`<button type="submit" class="primary" aria-describedby="code-error">${words.resend}</button>`)}`
}

function linkOnly(page: Page, props: CodeProps): Html {
  const words = page.words.code
  return html`<p class="lede">${words.linkOnlyLede(props.email)}</p>
<p>${words.linkUntil(moment(page, props.expiresAt))}</p>
<p class="hint">${words.linkOnlyWhy}</p>`
}

function resend(page: Page, props: CodeProps): Html {
  const words = page.words.code
  const from = props.resend.from && props.resend.from > page.now ? props.resend.from : null
  const waitSeconds = from ? Math.ceil((from.getTime() - page.now.getTime()) / 1000) : 0
  const [label, countdown] = props.isLinkOnly
    ? [words.resendMail, words.resendMailCountdown]
    : [words.resend, words.resendCountdown]
  return html`<section class="further">
<h2>${words.resendTitle}</h2>
<p>${words.resendHint(props.email)}</p>
${formOf(
  page,
  props.resend,
  html`<button type="submit" ${attributes({ 'data-wait': waitSeconds || null, 'data-countdown': countdown })}>${label}</button>
${from && html`<p class="hint" data-unscripted>${words.resendWait(moment(page, from))}</p>`}`,
)}
</section>`
}

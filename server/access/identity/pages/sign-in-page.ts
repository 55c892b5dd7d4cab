import type { Reason } from '../../../../sdk/contract.ts'
import { attributes, type Html, html } from '../../../platform/html/html.ts'
import { ceremonyScript } from '../passkeys/pages/ceremony.ts'
import { type PasskeyWay, passkeyBlock } from '../passkeys/pages/sign-in-block.ts'
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
  passkey?: PasskeyWay | null
  /** False: a mailed code is not enough for what is asked. */
  isMailOffered?: boolean
  /** Their provider confirms, and nothing else. */
  leadsToProvider?: boolean
  /** Where recovery codes are taken. */
  recoveryPath?: string | null
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
  const { ended, error, passkey } = props
  const isMailOffered = props.isMailOffered !== false
  const isConfirming = passkey?.weight === 'strongest'
  const isProviderOffered = isMailOffered || passkey?.isProviderEnough || props.leadsToProvider
  const buttons = isProviderOffered && props.providers ? props.providers : []
  return documentOf(page, {
    title: props.isFresh ? words.freshTitle : words.title(page.brand.name),
    hasError: Boolean(error || passkey?.error),
    head: passkey?.ceremony ? ceremonyScript(page) : null,
    body: html`
${ended && html`<p class="notice"><span>${words.ended(ended.at && momentAgo(page, ended.at), page.words.reasons[ended.reason])}</span></p>`}
<p class="lede">${isConfirming ? page.words.passkeys.confirmLede(page.brand.name) : props.leadsToProvider ? page.words.passkeys.dormantLede : props.isFresh ? words.freshLede(page.brand.name) : words.lede}</p>
${passkey && isConfirming && passkeyBlock(page, passkey, { withOr: false, isMailOffered })}
${isMailOffered && isConfirming && html`<p class="or"><span>${page.words.passkeys.byMail}</span></p>`}
${isMailOffered && mailForm(page, props)}
${buttons.length > 0 && !props.leadsToProvider && html`<p class="or"><span>${page.words.federation.or}</span></p>`}
${buttons.length > 0 && providerButtons(page, buttons)}
${passkey && !isConfirming && passkeyBlock(page, passkey, { withOr: buttons.length === 0, isMailOffered })}
${noticeOf(page.words, isMailOffered ? props.notice : null)}
${props.recoveryPath && html`<p class="hint"><a href="${page.link(props.recoveryPath)}">${isConfirming ? page.words.passkeys.lost : page.words.passkeys.useLink}</a></p>`}
${props.breakGlassPath && html`<p class="hint"><a href="${page.link(props.breakGlassPath)}">${page.words.breakGlass.link}</a></p>`}`,
  })
}

function providerButtons(page: Page, buttons: readonly ProviderButton[]): Html {
  const words = page.words.federation
  return html`${buttons.map(
    ({ name, form, notice }) =>
      noticeOf(page.words, notice) ??
      formOf(
        page,
        form,
        html`<input type="hidden" name="passkeys" data-passkeys><button type="submit">${words.continueWith(name)}</button>`,
      ),
  )}`
}

function mailForm(page: Page, { form, email, error, passkey }: SignInProps): Html {
  const words = page.words.signIn
  const isConfirming = passkey?.weight === 'strongest'
  return html`${formOf(
    page,
    form,
    html`${fieldOf({
      name: 'email',
      label: page.words.common.email,
      error: error && words.errors[error],
      input: {
        type: 'email',
        value: email ?? '',
        autocomplete: passkey?.ceremony ? 'username webauthn' : 'email',
        autocapitalize: 'none',
        spellcheck: 'false',
        maxlength: EMAIL_LENGTH_MAX,
        required: true,
        autofocus: !isConfirming,
      },
    })}
<button type="submit" ${attributes({ class: isConfirming ? null : 'primary' })}>${words.send}</button>`,
    // Our own sentence is shown instead of the browser's, which a screen reader may miss.
    { novalidate: true },
  )}`
}

import { attributes, type Html, html } from '../../../../platform/html/html.ts'
import { type Form, formOf, type Page } from '../../pages/page.ts'
import { type Ceremony, ceremonyForm } from './ceremony.ts'

export interface PasskeyWay {
  /** Null: it is on another origin, and `away` leads there. */
  ceremony: Ceremony | null
  /** On an app's origin. */
  away?: Form | null
  error?: keyof Page['words']['passkeys']['refused'] | null
  /** What is known nowhere here: the browser is told, so that it offers that one no more. */
  unknown?: { rpId: string; credentialId: string } | null
  /** `usual`: beside the mail. `strongest`: what whoever is signed in is asked to confirm by, first or alone. */
  weight: 'usual' | 'strongest'
  /** The page has no other way. */
  isAlone?: true
  /** All of theirs were enrolled in sessions of a provider, and may lie dormant: it confirms as well as they do. */
  isProviderEnough?: boolean
}

/** On the sign-in page: one button, or none. */
export function passkeyBlock(
  page: Page,
  way: PasskeyWay,
  { withOr, isMailOffered }: { withOr: boolean; isMailOffered: boolean },
): Html {
  const words = page.words.passkeys
  const { ceremony, away, error, unknown, weight } = way
  const label = weight === 'strongest' ? words.confirm : words.signIn
  const isFirst = weight === 'strongest' || way.isAlone === true
  const button = attributes({ class: isFirst ? 'primary' : null })
  return html`${withOr && html`<p class="or" ${attributes({ 'data-able': Boolean(ceremony), hidden: Boolean(ceremony) })}><span>${words.or}</span></p>`}<div class="way" ${attributes({ 'data-unknown': unknown ? JSON.stringify(unknown) : null })}>
${error && html`<p class="error" role="alert">${isMailOffered ? words.refused[error] : saidAlone(page, error)}</p>`}
${ceremony && ceremonyForm(page, ceremony, html`<button type="button" data-start ${button}>${label}</button>`)}
${away && formOf(page, away, html`<button type="submit" ${button}>${label}</button>`)}
${ceremony && isFirst && html`<p data-unscripted>${words.unscripted}</p>`}
</div>`
}

/** Nobody is sent to a mail that is not offered. */
function saidAlone({ words }: Page, error: NonNullable<PasskeyWay['error']>): string {
  const { refusedAlone, refused } = words.passkeys
  return error in refusedAlone ? refusedAlone[error as keyof typeof refusedAlone] : refused[error]
}

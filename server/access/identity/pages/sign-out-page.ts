import { html } from '../../../platform/html/html.ts'
import { mark } from './mark.ts'
import { moment } from './moment.ts'
import { documentOf, type Form, formOf, type Page } from './page.ts'

export interface SignOutProps {
  /** `POST /sign-out`. */
  form: Form
  email: string | null
  /** Where "Stay signed in" leads. A whole URL of the app, or a path of ours made by `page.link`. */
  stayUrl: string
}

export function signOutPage(page: Page, props: SignOutProps): string {
  const words = page.words.signOut
  return documentOf(page, {
    title: words.title(page.brand.name),
    body: html`
<p class="lede">${words.lede(props.email)}</p>
${formOf(page, props.form, html`<button type="submit" class="primary">${words.submit}</button>`)}
<p class="aside"><a href="${props.stayUrl}">${words.stay}</a></p>
<p class="hint">${words.others} <a href="${page.link('/account')}">${words.manage}</a></p>`,
  })
}

export interface SignedOutProps {
  /** `pending`: the cookie is gone and the sign-out is kept here, but the database has not heard of it yet. */
  done: 'here' | 'everywhere' | 'pending'
  unknownSince?: Date | null
  signInPath: string
}

export function signedOutPage(page: Page, props: SignedOutProps): string {
  const words = page.words.signOut
  const since = props.unknownSince ? moment(page, props.unknownSince) : null
  const told = {
    here: () => html`<p class="lede">${words.done(page.brand.name)}</p>`,
    everywhere: () => html`<p class="lede">${words.doneEverywhere}</p>`,
    pending: () =>
      html`<p class="notice unknown">${mark(page.words, 'unknown')}<span>${words.donePending(since)}</span></p>`,
  }
  return documentOf(page, {
    title: words.doneTitle,
    body: html`
${told[props.done]()}
<p><a class="button" href="${page.link(props.signInPath)}">${words.again}</a></p>`,
  })
}

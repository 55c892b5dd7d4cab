import { type Html, html } from '../../../../platform/html/html.ts'
import { type Notice, noticeOf } from '../../pages/mark.ts'
import { moment, spanText } from '../../pages/moment.ts'
import { documentOf, type Form, formOf, type Page } from '../../pages/page.ts'

/** How it stands with a provider, for whoever is about to go there. */
export type Standing =
  | { state: 'ordinary' }
  /** It did not answer a moment ago; nothing is known of an outage. */
  | { state: 'checking' }
  | { state: 'open' | 'recovering' | 'unknown'; since: Date }

export interface ProviderPageProps {
  name: string
  standing: Standing
  /** The domain that was typed; null: the provider was chosen by its button. */
  domain: string | null
  /** As it was typed; null: none was. */
  email: string | null
  /** `POST /sign-in/provider/{id}`. */
  form: Form
  /** `POST /sign-in`, with the address, for a code; null without an address. */
  codeForm: Form | null
  /** Where an address is typed, and a passkey shown. */
  otherPath: string
  /** Another way with its own markup, such as a passkey. */
  ways?: Html | null
  /** Looks again by itself; null: it has done so often enough. */
  again: { path: string; seconds: number } | null
  notice?: Notice | null
}

/** The same for every address of a domain: who somebody is and what they may is told by mail alone. */
export function providerPage(page: Page, props: ProviderPageProps): string {
  const { standing, again } = props
  const isOrdinary = standing.state === 'ordinary' || standing.state === 'recovering'
  return documentOf(page, {
    title: titleOf(page, props),
    head: again && html`<meta http-equiv="refresh" content="${again.seconds};url=${page.link(again.path)}">`,
    body: html`
${noticeOf(page.words, standingNotice(page, props))}
${isOrdinary ? ordinary(page, props) : away(page, props)}
${again && html`<p class="hint">${page.words.federation.looksAgain(spanText(page.words, again.seconds * 1000))}</p>`}
${noticeOf(page.words, props.notice)}
${props.email !== null && html`<p class="aside"><a href="${page.link(props.otherPath)}">${page.words.federation.another}</a></p>`}`,
  })
}

function titleOf({ words }: Page, { name, standing }: ProviderPageProps): string {
  const { title, checkingTitle, openTitle, unknownTitle } = words.federation
  if (standing.state === 'checking') return checkingTitle(name)
  if (standing.state === 'open') return openTitle(name)
  return standing.state === 'unknown' ? unknownTitle(name) : title(name)
}

function standingNotice(page: Page, { name, standing }: ProviderPageProps): Notice | null {
  const words = page.words.federation
  if (standing.state === 'ordinary') return null
  if (standing.state === 'checking') return { state: 'unknown', text: words.checking(name) }
  const since = moment(page, standing.since)
  if (standing.state === 'open') return { state: 'failing', text: words.open(name, since) }
  if (standing.state === 'unknown') return { state: 'unknown', text: words.unknown(name, since) }
  return { state: 'degraded', text: words.recovering(name, since) }
}

function ordinary(page: Page, props: ProviderPageProps): Html {
  const words = page.words.federation
  const { name, domain } = props
  return html`<p class="lede">${domain === null ? words.lede(name) : words.domain(domain, name)}</p>
${formOf(page, props.form, html`<button type="submit" class="primary">${words.continueWith(name)}</button>`)}
<section class="further" aria-labelledby="other-ways">
<h2 id="other-ways">${words.otherWays}</h2>
${others(page, props, '')}
</section>`
}

function away(page: Page, props: ProviderPageProps): Html {
  const words = page.words.federation
  return html`<p class="lede">${words.openWays}</p>
${others(page, props, 'primary')}
${formOf(page, anyway(props.form), html`<button type="submit">${words.anyway(props.name)}</button>`)}`
}

const anyway = (form: Form): Form => ({ ...form, hidden: { ...form.hidden, anyway: '1' } })

function others(page: Page, props: ProviderPageProps, kind: 'primary' | ''): Html {
  const { codeForm, email } = props
  const words = page.words.federation
  const byMail =
    codeForm && email !== null
      ? formOf(page, codeForm, html`<button type="submit" class="${kind}">${words.sendCode(email)}</button>`)
      : html`<p><a class="button ${kind}" href="${page.link(props.otherPath)}">${words.byMail}</a></p>`
  return html`${props.ways}${byMail}`
}

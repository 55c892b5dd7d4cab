import { type Html, html } from '../../../../platform/html/html.ts'
import { ceremonyScript } from '../../passkeys/pages/ceremony.ts'
import { type PasskeyWay, passkeyBlock } from '../../passkeys/pages/sign-in-block.ts'
import { type Notice, noticeOf } from '../../pages/mark.ts'
import { moment, spanText } from '../../pages/moment.ts'
import { documentOf, type Form, formOf, type Page } from '../../pages/page.ts'

/** How it stands with a provider, for whoever is about to go there. */
export type Standing =
  | { state: 'ordinary' }
  /** It did not answer a moment ago; nothing is known of an outage. */
  | { state: 'checking' }
  /** It says that it is asked too often, which anybody can earn: whoever has no other way goes there all the same. */
  | { state: 'limited' }
  | { state: 'open' | 'recovering' | 'unknown'; since: Date }

interface Again {
  path: string
  seconds: number
}

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
  /** Null: passkeys are not shown here. */
  passkey: PasskeyWay | null
  /** Looks again by itself; null: it has done so often enough. */
  again: Again | null
  notice?: Notice | null
}

/** The same for every address of a domain: who somebody is and what they may is told by mail alone. */
export function providerPage(page: Page, props: ProviderPageProps): string {
  const { standing, again } = props
  const isOrdinary = standing.state === 'ordinary' || standing.state === 'recovering'
  return documentOf(page, {
    title: titleOf(page, props),
    head: html`${again && refresh(page, again)}${props.passkey?.ceremony && ceremonyScript(page)}`,
    body: html`
${noticeOf(page.words, standingNotice(page, props))}
${isOrdinary || standing.state === 'limited' ? ordinary(page, props) : away(page, props)}
${again && lookAgain(page, again)}
${noticeOf(page.words, props.notice)}
${props.email !== null && html`<p class="aside"><a href="${page.link(props.otherPath)}">${page.words.federation.another}</a></p>`}`,
  })
}

/** Within `noscript`: with script the form below is sent, and only while somebody sees the page. */
const refresh = (page: Page, { path, seconds }: Again) =>
  html`<noscript><meta http-equiv="refresh" content="${seconds};url=${page.link(path)}"></noscript>`

function lookAgain(page: Page, { path, seconds }: Again): Html {
  // A form of method GET would drop the query of its own action, so the query is carried as fields.
  const url = new URL(page.link(path), 'http://localhost')
  const hidden = [...url.searchParams].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<form method="get" action="${url.pathname}" data-retry="${seconds}">${hidden}
<p class="hint">${page.words.federation.looksAgain(spanText(page.words, seconds * 1000))}</p></form>`
}

function titleOf({ words }: Page, { name, standing }: ProviderPageProps): string {
  const { title, checkingTitle, openTitle, unknownTitle } = words.federation
  if (standing.state === 'checking') return checkingTitle(name)
  if (standing.state === 'limited') return title(name)
  if (standing.state === 'open') return openTitle(name)
  return standing.state === 'unknown' ? unknownTitle(name) : title(name)
}

function standingNotice(page: Page, { name, standing }: ProviderPageProps): Notice | null {
  const words = page.words.federation
  if (standing.state === 'ordinary') return null
  if (standing.state === 'checking') return { state: 'unknown', text: words.checking(name) }
  if (standing.state === 'limited') return { state: 'degraded', text: words.limited(name) }
  const since = moment(page, standing.since)
  if (standing.state === 'open') return { state: 'failing', text: words.open(name, since) }
  if (standing.state === 'unknown') return { state: 'unknown', text: words.unknown(name, since) }
  return { state: 'degraded', text: words.recovering(name, since) }
}

function ordinary(page: Page, props: ProviderPageProps): Html {
  const words = page.words.federation
  const { name, domain, standing } = props
  // It has been looked just now: pressed once more it leads there.
  const onward = standing.state === 'limited' ? anyway(props.form) : props.form
  return html`<p class="lede">${domain === null ? words.lede(name) : words.domain(domain, name)}</p>
${formOf(page, onward, html`${canHavePasskeys}<button type="submit" class="primary">${words.continueWith(name)}</button>`)}
<section class="further" aria-labelledby="other-ways">
<h2 id="other-ways">${words.otherWays}</h2>
${byPasskey(page, props)}
${byMail(page, props, '')}
</section>`
}

function away(page: Page, props: ProviderPageProps): Html {
  const words = page.words.federation
  return html`<p class="lede">${words.openWays}</p>
${byMail(page, props, 'primary')}
${byPasskey(page, props)}
${formOf(page, anyway(props.form), html`${canHavePasskeys}<button type="submit">${words.anyway(props.name)}</button>`)}`
}

/** Filled in by the script. */
const canHavePasskeys = html`<input type="hidden" name="passkeys" data-passkeys>`

const anyway = (form: Form): Form => ({ ...form, hidden: { ...form.hidden, anyway: '1' } })

const byPasskey = (page: Page, { passkey }: ProviderPageProps) =>
  passkey && passkeyBlock(page, passkey, { withOr: false, isMailOffered: true })

function byMail(page: Page, { codeForm, email, otherPath }: ProviderPageProps, kind: 'primary' | ''): Html {
  const words = page.words.federation
  if (codeForm && email !== null) {
    return formOf(page, codeForm, html`<button type="submit" class="${kind}">${words.sendCode(email)}</button>`)
  }
  return html`<p class="way"><a class="button ${kind}" href="${page.link(otherPath)}">${words.byMail}</a></p>`
}

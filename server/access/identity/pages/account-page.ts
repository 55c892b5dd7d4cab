import type { Source } from '../../../../sdk/contract.ts'
import { html } from '../../../platform/html/html.ts'
import { lifeSection } from '../accounts/pages/life-section.ts'
import { type Acted, actedList } from '../impersonation/pages.ts'
import { mark, type Notice, noticeOf } from './mark.ts'
import { moment, spanText } from './moment.ts'
import { documentOf, type Form, formOf, type Page } from './page.ts'
import { type ProfileProps, profileForm } from './profile-form.ts'
import { type EndedSession, endedList, type LiveSession, sessionList } from './session-list.ts'

export interface AccountProps {
  email: string
  profile: ProfileProps
  /** Newest use first, this browser's among them. `unknown` while the database does not answer: nothing can be changed. */
  sessions: LiveSession[] | 'unknown'
  ended: EndedSession[]
  /** Support that acted as the person lately. */
  acted?: readonly Acted[]
  unknownSince?: Date | null
  /** Of whoever came in another way while their provider was down. */
  notice?: Notice | null
  /** In an outage: by what it is known who this is, and how old that knowledge is. */
  known?: { source: Source; ageMs: number } | null
  /** `POST /account/sessions/end-all`. */
  endAllForm: Form
  /** `POST /sign-out`. */
  signOutForm: Form
  /** The application this account page was opened from; null when it was opened directly. */
  backUrl?: string | null
}

export function accountPage(page: Page, props: AccountProps): string {
  const words = page.words.account
  const isUnknown = props.sessions === 'unknown'
  const hasError = Object.values(props.profile.errors ?? {}).some(Boolean)
  return documentOf(page, {
    title: words.title,
    width: 'sheet',
    hasError,
    body: html`
<div class="account-head">
<p class="lede">${words.signedInAs(props.email)}</p>
${formOf(page, props.signOutForm, html`<button type="submit" class="small">${words.signOut}</button>`)}
</div>
<p class="ways">${props.backUrl && html`<a href="${props.backUrl}">${words.back(page.brand.name)}</a> `}<a href="${page.link('/account/organizations')}">${page.words.organizations.title}</a></p>
${isUnknown && html`<p class="notice unknown">${mark(page.words, 'unknown')}<span>${words.sessionsUnknown(props.unknownSince ? moment(page, props.unknownSince) : null)}</span></p>`}
${noticeOf(page.words, props.notice)}
${props.known && html`<p class="hint">${words.knownBy(words.sources[props.known.source], spanText(page.words, props.known.ageMs))}</p>`}
${profileForm(page, { ...props.profile, whyNot: isUnknown ? words.cannotSave : page.acting && page.words.impersonation.cannotSave })}
${props.sessions !== 'unknown' && sessionList(page, props.sessions, props.endAllForm)}
${props.sessions !== 'unknown' && actedList(page, props.acted ?? [])}
${props.sessions !== 'unknown' && endedList(page, props.ended)}
${props.sessions !== 'unknown' && !page.acting && lifeSection(page)}`,
  })
}

import { html } from '../../../platform/html/html.ts'
import { moment } from '../pages/moment.ts'
import { documentOf, type Form, formOf, type Page } from '../pages/page.ts'

export interface InvitationProps {
  organization: string
  inviter: string | null
  email: string
  /** In words. */
  roles: string
  expiresAt: Date
  /** Who looks at it: the invited, somebody else with this address, or nobody who is signed in. */
  viewer: { kind: 'invited' | 'nobody' } | { kind: 'other'; email: string }
  /** `POST /invitation/{token}`: opening the page consumes nothing, because mail scanners open links. */
  form: Form
}

export function invitationPage(page: Page, props: InvitationProps): string {
  const words = page.words.invitation
  const { organization, inviter, email, viewer } = props
  const submit = {
    invited: words.accept(organization),
    nobody: words.signIn,
    other: words.otherSubmit(email),
  }[viewer.kind]
  return documentOf(page, {
    title: words.title(organization),
    body: html`
<p class="lede">${inviter ? words.by(inviter, organization) : words.what(organization)}</p>
${viewer.kind === 'other' && html`<p class="notice"><span>${words.other(viewer.email)}</span></p>`}
<dl class="facts">
<dt>${words.to}</dt><dd>${email}</dd>
<dt>${words.as}</dt><dd>${props.roles}</dd>
<dt>${words.until}</dt><dd>${moment(page, props.expiresAt)}</dd>
</dl>
${formOf(page, props.form, html`<button type="submit" class="primary">${submit}</button>`)}
<p class="hint">${viewer.kind === 'invited' ? words.acceptHint : words.signInHint(email)}${viewer.kind === 'other' && html` ${words.otherHint}`}</p>
<p class="hint">${words.notYou}</p>`,
  })
}

export interface JoinedProps {
  organization: string
  roles: string
  /** The app that they were invited for; null: our own pages. */
  onwards: { name: string; url: string } | null
}

export function joinedPage(page: Page, { organization, roles, onwards }: JoinedProps): string {
  const words = page.words.invitation
  return documentOf(page, {
    title: words.joinedTitle(organization),
    body: html`
<p class="lede">${words.joined(roles)}</p>
${onwards && html`<p><a class="button primary" href="${onwards.url}">${words.goOn(onwards.name)}</a></p>`}
<p class="aside"><a href="${page.link('/account/organizations')}">${words.toOrganizations}</a></p>`,
  })
}

export type OverProps = 'accepted' | 'revoked' | 'expired' | 'unknown'

export function invitationOverPage(page: Page, why: OverProps): string {
  const { title, detail } = page.words.invitation.over[why]
  return documentOf(page, {
    title,
    body: html`
<p class="lede">${detail}</p>
<p><a class="button primary" href="${page.link('/sign-in')}">${page.words.refusals.toSignIn}</a></p>`,
  })
}

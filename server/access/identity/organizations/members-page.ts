import { html, type Html } from '../../../platform/html/html.ts'
import { fieldOf, selectOf } from '../pages/field.ts'
import { moment } from '../pages/moment.ts'
import { documentOf, type Form, formOf, type Page } from '../pages/page.ts'
import { folded, type MineProps, saidLine } from './organizations-page.ts'

export interface MembersProps {
  name: string
  said: MineProps['said']
  members: {
    id: string
    /** A name, or else the address. */
    who: string
    email: string
    roles: string
    /** Which of ours it is; what a product's own roles are stays as it is. */
    role: string
    since: Date
    isSelf: boolean
    /** Null: this reader may not change it. */
    rolesForm: Form | null
    removeForm: Form | null
  }[]
  hasMore: boolean
  /** Roles that this reader may give. */
  givable: string[]
  inviteForm: Form
  typed: { email: string; error: string | null }
  invitations: { id: string; email: string; roles: string; expiresAt: Date; againForm: Form; revokeForm: Form }[]
}

/** Members and invitations of one organisation, for its owners and admins. */
export function membersPage(page: Page, props: MembersProps): string {
  const words = page.words.organizations
  return documentOf(page, {
    title: props.name,
    width: 'sheet',
    hasError: props.said?.kind === 'error' || props.typed.error !== null,
    body: html`
${saidLine(props.said)}
<section aria-labelledby="members">
<h2 id="members">${words.members}</h2>
<ul class="rows">${props.members.map((member) => memberRow(page, member, props.givable))}</ul>
${props.hasMore && html`<p class="hint">${words.more(props.members.length)}</p>`}
</section>
${inviteSection(page, props)}
${invitationList(page, props.invitations)}
<p class="aside"><a href="${page.link('/account/organizations')}">${words.toOrganizations}</a></p>`,
  })
}

function memberRow(page: Page, member: MembersProps['members'][number], givable: string[]): Html {
  const words = page.words.organizations
  const { who, rolesForm, removeForm } = member
  return html`<li class="deeds">
<div>
<p class="device">${who}${member.isSelf && html` <span class="tag">${words.you}</span>`}</p>
<p class="hint facts-line"><span>${member.roles}</span> ${member.email !== who && html`<span>${member.email}</span> `}<span>${words.since(moment(page, member.since))}</span></p>
${
  removeForm &&
  folded(
    words.remove,
    html`<p class="hint">${words.removeAsk(who)}</p>
${formOf(page, removeForm, html`<button type="submit" class="small danger">${words.removeNow(who)}</button>`)}`,
  )
}
</div>
${
  rolesForm &&
  formOf(
    page,
    rolesForm,
    html`<label class="unseen" for="role-${member.id}">${words.roleOf(who)}</label>
<select id="role-${member.id}" name="role">${options(page, givable, member.role)}</select>
<button type="submit" class="small" aria-label="${words.saveRoleOf(who)}">${words.saveRole}</button>`,
    { class: 'inline' },
  )
}
</li>`
}

const options = ({ words }: Page, roles: string[], selected: string) =>
  roles.map((role) =>
    role === selected
      ? html`<option value="${role}" selected>${words.organizations.roles[role] ?? role}</option>`
      : html`<option value="${role}">${words.organizations.roles[role] ?? role}</option>`,
  )

function inviteSection(page: Page, { inviteForm, typed, givable }: MembersProps): Html {
  const words = page.words.organizations
  return html`<section aria-labelledby="invite">
<h2 id="invite">${words.inviteTitle}</h2>
<p class="hint">${words.inviteHint}</p>
${formOf(
  page,
  inviteForm,
  html`<div class="pair">
${fieldOf({
  name: 'email',
  label: page.words.common.email,
  error: typed.error,
  input: { type: 'email', value: typed.email, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' },
})}
${selectOf({
  name: 'role',
  label: words.role,
  input: {},
  selected: 'member',
  groups: [{ choices: givable.map((role) => ({ value: role, label: words.roles[role] ?? role })) }],
})}
</div>
<button type="submit" class="primary">${words.invite}</button>`,
  { novalidate: true },
)}
</section>`
}

function invitationList(page: Page, invitations: MembersProps['invitations']): Html {
  const words = page.words.organizations
  return html`<section aria-labelledby="invitations">
<h2 id="invitations">${words.invitations}</h2>
${invitations.length === 0 && html`<p class="hint">${words.noInvitations}</p>`}
<ul class="rows">${invitations.map(
    (each) => html`<li class="deeds">
<div>
<p class="device">${each.email}</p>
<p class="hint facts-line"><span>${each.roles}</span> <span>${words.expires(moment(page, each.expiresAt))}</span></p>
</div>
${formOf(page, each.againForm, html`<button type="submit" class="small" aria-label="${words.sendAgainTo(each.email)}">${words.sendAgain}</button>`)}
${formOf(page, each.revokeForm, html`<button type="submit" class="small" aria-label="${words.revokeOf(each.email)}">${words.revoke}</button>`)}
</li>`,
  )}</ul>
</section>`
}

import { invitationOverPage, invitationPage, joinedPage } from '../invitations/invitation-page.ts'
import { type MembersProps, membersPage } from '../organizations/members-page.ts'
import { organizationsPage } from '../organizations/organizations-page.ts'
import { inWords } from '../organizations/said.ts'
import type { Page } from '../pages/index.ts'
import { refuse } from '../refusals.ts'

/** Pages of organisations and invitations as the gallery shows them; `text` stands in for whatever people wrote. */
export function organizationGallery(page: Page, text: (usual: string) => string): Record<string, string> {
  const form = (path: string) => ({ path })
  const at = (days: number) => new Date(page.now.getTime() + days * 24 * 3_600_000)
  const { roles } = page.words.organizations
  const open = {
    organization: text('Acme Labs'),
    inviter: text('Ana Pérez'),
    email: text('ben@acme.test'),
    roles: `${roles.admin}, ${text('billing')}`,
    expiresAt: at(7),
    form: form('/invitation/abc'),
  }
  const mine = (id: string, more: object) => ({
    id,
    name: text('Acme Labs'),
    roles: roles.owner!,
    isCurrent: false,
    useForm: form('/account/organizations/current'),
    leaveForm: form(`/account/organizations/${id}/leave`),
    managePath: null,
    ...more,
  })
  const member = (id: string, more: Partial<MembersProps['members'][number]>): MembersProps['members'][number] => ({
    id,
    who: text('Ben Okafor'),
    email: text('ben@acme.test'),
    roles: roles.member!,
    role: 'member',
    since: at(-40),
    isSelf: false,
    rolesForm: form(`/account/organizations/org_1/members/${id}/roles`),
    removeForm: form(`/account/organizations/org_1/members/${id}/removal`),
    ...more,
  })
  const members: MembersProps = {
    name: text('Acme Labs'),
    said: { kind: 'done', text: page.words.organizations.done.invited },
    members: [
      member('mem_1', {
        who: text('Ana Pérez'),
        email: text('ana@acme.test'),
        roles: roles.owner!,
        isSelf: true,
        rolesForm: null,
        removeForm: null,
      }),
      member('mem_2', { roles: `${roles.admin}, ${text('billing')}`, role: 'admin' }),
      member('mem_3', {
        who: text('carla.with.a.rather.long.address@subsidiary.acme.test'),
        email: text('carla.with.a.rather.long.address@subsidiary.acme.test'),
      }),
    ],
    hasMore: false,
    givable: ['member', 'admin', 'owner'],
    inviteForm: form('/account/organizations/org_1/invitations'),
    typed: { email: '', error: null },
    invitations: [
      {
        id: 'inv_1',
        email: text('dora@acme.test'),
        roles: roles.member!,
        expiresAt: at(3),
        againForm: form('/account/organizations/org_1/invitations/inv_1/deliveries'),
        revokeForm: form('/account/organizations/org_1/invitations/inv_1/revocation'),
      },
    ],
  }
  const invited = [{ id: 'inv_2', name: text('Globex'), roles: roles.member!, path: '/invitation/inv_2' }]
  return {
    invitation: invitationPage(page, { ...open, viewer: { kind: 'nobody' } }),
    'invitation-invited': invitationPage(page, { ...open, viewer: { kind: 'invited' } }),
    'invitation-other': invitationPage(page, {
      ...open,
      inviter: null,
      viewer: { kind: 'other', email: text('eve@acme.test') },
    }),
    'invitation-accepted': invitationOverPage(page, 'accepted'),
    'invitation-over': invitationOverPage(page, 'revoked'),
    'invitation-expired': invitationOverPage(page, 'expired'),
    'invitation-unknown': invitationOverPage(page, 'unknown'),
    joined: joinedPage(page, {
      organization: text('Acme Labs'),
      roles: roles.admin!,
      onwards: { name: text('Acme Notes'), url: 'https://notes.acme.test/' },
    }),
    organizations: organizationsPage(page, {
      said: { kind: 'done', text: page.words.organizations.done.switched },
      heldBack: [],
      memberships: [
        mine('org_1', { isCurrent: true, managePath: '/account/organizations/org_1' }),
        mine('org_2', { name: text('Initech'), roles: roles.member }),
      ],
      invitations: invited,
    }),
    'organizations-held-back': organizationsPage(page, {
      said: null,
      heldBack: [inWords(page, refuse('provider_demanded', { provider: text('Acme ID') }))],
      memberships: [mine('org_1', { isCurrent: true })],
      invitations: [],
    }),
    'organizations-empty': organizationsPage(page, { said: null, heldBack: [], memberships: [], invitations: [] }),
    members: membersPage(page, members),
    'members-refused': membersPage(page, {
      ...members,
      said: { kind: 'error', text: text(page.words.organizations.done.left) },
      typed: { email: text('ben'), error: page.words.signIn.errors.invalid },
      invitations: [],
    }),
  }
}

import { on, type Route } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import {
  InviteForm,
  MemberOfPage,
  postAgain,
  postInvite,
  postRemoval,
  postRevocation,
  postRoles,
  RoleForm,
  showMembers,
} from './members.ts'
import { CurrentForm, OrganizationOfPage, postCurrent, postLeave, SaidQuery, showMine } from './mine.ts'

/** A person's organisations, and for owners and admins their members and invitations; as a table. */
export function accountOrganizationRoutes(parts: Parts): Route[] {
  const frame = { tag: 'pages', kind: 'page' } as const
  const at = 'account/organizations'
  const one = { ...frame, params: OrganizationOfPage }
  const which = { ...frame, params: MemberOfPage }
  return [
    on(`GET /${at}`, { ...frame, summary: 'One’s organisations', query: SaidQuery }, (call) => showMine(parts, call)),
    on(`POST /${at}/current`, { ...frame, summary: 'Act for another organisation', body: CurrentForm }, (call) =>
      postCurrent(parts, call),
    ),
    on(`POST /${at}/{id}/leave`, { ...one, summary: 'Leave an organisation' }, (call) => postLeave(parts, call)),
    on(`GET /${at}/{id}`, { ...one, summary: 'Members and invitations', query: SaidQuery }, (call) =>
      showMembers(parts, call),
    ),
    on(`POST /${at}/{id}/members/{which}/roles`, { ...which, summary: 'Change a role', body: RoleForm }, (call) =>
      postRoles(parts, call),
    ),
    on(`POST /${at}/{id}/members/{which}/removal`, { ...which, summary: 'Remove a member' }, (call) =>
      postRemoval(parts, call),
    ),
    on(`POST /${at}/{id}/invitations`, { ...one, summary: 'Invite somebody', body: InviteForm }, (call) =>
      postInvite(parts, call),
    ),
    on(`POST /${at}/{id}/invitations/{which}/deliveries`, { ...which, summary: 'Send it again' }, (call) =>
      postAgain(parts, call),
    ),
    on(`POST /${at}/{id}/invitations/{which}/revocation`, { ...which, summary: 'Revoke it' }, (call) =>
      postRevocation(parts, call),
    ),
  ]
}

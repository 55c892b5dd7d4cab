import { type Static, Type } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { ADMIN, isOwner, MEMBER, mayManage, OWNER } from '../../../ground/tenants/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { readEmail } from '../email.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import { rolesInWords } from '../invitations/hosted.ts'
import { createInvitation } from '../invitations/create-invitation.ts'
import { EXPIRES_IN_DAYS } from '../invitations/invitation.ts'
import { listInvitations } from '../invitations/queries.ts'
import { revokeInvitation } from '../invitations/revoke-invitation.ts'
import { pagesUrlOf } from '../invitations/routes.ts'
import { letterOf, sendAgain } from '../invitations/send-invitation.ts'
import type { Page } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { membersPage, type MembersProps } from './members-page.ts'
import type { MineProps } from './organizations-page.ts'
import { namesOf } from './queries.ts'
import { saidOf } from './said.ts'
import { toSignIn, type Visitor, visitorOf } from './signed-in.ts'

const Text = Type.Optional(Type.String({ maxLength: 1000 }))
export const MemberOfPage = Type.Object({ id: Type.String({ maxLength: 64 }), which: Type.String({ maxLength: 64 }) })
export const RoleForm = Type.Object({ role: Text })
export const InviteForm = Type.Object({ email: Text, role: Text })
type OfOrganization<Body = unknown, Query = unknown> = Call<Body, Query, { id: string }>
type OfOne<Body = unknown> = Call<Body, unknown, { id: string; which: string }>

/** More than a page is for: the rest is for programs and the console. */
const MEMBERS_SHOWN_MAX = 100
const INVITATIONS_SHOWN_MAX = 100

/** `GET /account/organizations/{id}`: for its owners and admins. */
export async function showMembers(parts: Parts, call: OfOrganization<unknown, { done?: string }>): Promise<Answer> {
  const visitor = await visitorOf(parts, call)
  if (!visitor) return toSignIn(call)
  const view = pageOf(parts, call, visitor.user)
  return answerWith(parts, call, view, visitor, { status: 200, said: saidOf(view, call.query.done) })
}

/** `POST …/members/{which}/roles`: ours is replaced, a product's own roles stay. */
export function postRoles(parts: Parts, call: OfOne<Static<typeof RoleForm>>): Promise<Answer> {
  return doing(parts, call, 'saved', async ({ actor }) => {
    const by = byCaller({ ...call, actor })
    await parts.db.transaction(async (db) => {
      const found = await parts.tenants.findMembership(db, call.params.which)
      const own = (found?.roles ?? []).filter((role) => ![OWNER, ADMIN, MEMBER].includes(role))
      await parts.tenants.changeRoles(db, { id: call.params.which, roles: [call.body.role ?? '', ...own], actor, by })
    })
  })
}

/** `POST …/members/{which}/removal`. */
export function postRemoval(parts: Parts, call: OfOne): Promise<Answer> {
  return doing(parts, call, 'removed', async ({ actor }) => {
    const by = byCaller({ ...call, actor })
    await parts.db.transaction((db) => parts.tenants.removeMember(db, { id: call.params.which, actor, by }))
  })
}

/** `POST …/invitations`. */
export async function postInvite(parts: Parts, call: OfOrganization<Static<typeof InviteForm>>): Promise<Answer> {
  const typed = call.body.email ?? ''
  const read = readEmail(typed)
  if (read.outcome !== 'ok') {
    const visitor = await visitorOf(parts, call)
    if (!visitor) return toSignIn(call)
    const view = pageOf(parts, call, visitor.user)
    const error = view.words.signIn.errors[read.outcome]
    return answerWith(parts, call, view, visitor, { status: 400, said: null, typed: { email: typed, error } })
  }
  return doing(parts, call, 'invited', async ({ actor }) => {
    const letter = await parts.db.transaction(async (db) => {
      const invitation = await createInvitation(parts, db, {
        organizationId: call.params.id,
        email: read.email,
        roles: [call.body.role ?? MEMBER],
        applicationId: call.application,
        expiresInDays: EXPIRES_IN_DAYS,
        pagesUrl: pagesUrlOf(parts, call),
        actor,
        by: byCaller({ ...call, actor }),
      })
      return letterOf(parts, db, call, invitation)
    })
    parts.mailer.invitation(letter)
  })
}

/** `POST …/invitations/{which}/deliveries`. */
export function postAgain(parts: Parts, call: OfOne): Promise<Answer> {
  return doing(parts, call, 'sent', async ({ actor }) => {
    const by = byCaller({ ...call, actor })
    const letter = await parts.db.transaction(async (db) =>
      letterOf(parts, db, call, await sendAgain(parts, db, { id: call.params.which, actor, by })),
    )
    parts.mailer.invitation(letter)
  })
}

/** `POST …/invitations/{which}/revocation`. */
export function postRevocation(parts: Parts, call: OfOne): Promise<Answer> {
  return doing(parts, call, 'revoked', async ({ actor }) => {
    const by = byCaller({ ...call, actor })
    await parts.db.transaction((db) => revokeInvitation(parts, db, { id: call.params.which, actor, by }))
  })
}

/** Does it as the person, and shows the page again: with what was done, or with what was refused and why. */
async function doing(
  parts: Parts,
  call: OfOrganization,
  done: string,
  deed: (visitor: Visitor) => Promise<void>,
): Promise<Answer> {
  const visitor = await visitorOf(parts, call)
  if (!visitor) return toSignIn(call)
  const refused = await parts.tenants.refusalOf(() => deed(visitor))
  if (!refused) return redirect(`${call.prefix}/account/organizations/${call.params.id}?done=${done}`)
  const view = pageOf(parts, call, visitor.user)
  return answerWith(parts, call, view, visitor, { status: refused.status, said: saidOf(view, refused) })
}

interface Shown {
  status: number
  said: MineProps['said']
  typed?: MembersProps['typed']
}

async function answerWith(
  parts: Parts,
  call: OfOrganization,
  view: Page,
  visitor: Visitor,
  shown: Shown,
): Promise<Answer> {
  const { db, tenants } = parts
  const { id } = call.params
  const { roles } = await tenants.assertMay(db, id, visitor.actor, { to: 'see invitations' })
  // Whoever may no longer manage it, by what was just done, goes back to their own.
  if (!mayManage(roles ?? [])) return redirect(`${call.prefix}/account/organizations`)
  const organization = await tenants.find(db, id)
  const members = await tenants.members(db, id, MEMBERS_SHOWN_MAX + 1)
  const now = parts.clock.now()
  const limit = INVITATIONS_SHOWN_MAX
  const invitations = await listInvitations(db, { organizationId: id, state: 'open', limit, now })
  const people = await namesOf(
    db,
    members.map((each) => each.user_id),
  )
  const at = `/account/organizations/${id}`
  const isByOwner = isOwner(roles ?? [])
  return page(
    shown.status,
    membersPage(view, {
      name: organization?.name ?? '',
      said: shown.said,
      members: members.slice(0, MEMBERS_SHOWN_MAX).map((each) => {
        const person = people.get(each.user_id)
        const isSelf = each.user_id === visitor.user.id
        const mayTouch = !isSelf && (isByOwner || !isOwner(each.roles))
        return {
          id: each.id,
          who: person?.name ?? person?.email ?? view.words.organizations.unnamed,
          email: person?.email ?? '',
          roles: rolesInWords(view, each.roles),
          role: [OWNER, ADMIN].find((role) => each.roles.includes(role)) ?? MEMBER,
          since: each.created_at,
          isSelf,
          rolesForm: mayTouch ? formTo(`${at}/members/${each.id}/roles`) : null,
          removeForm: mayTouch ? formTo(`${at}/members/${each.id}/removal`) : null,
        }
      }),
      hasMore: members.length > MEMBERS_SHOWN_MAX,
      givable: isByOwner ? [MEMBER, ADMIN, OWNER] : [MEMBER, ADMIN],
      inviteForm: formTo(`${at}/invitations`),
      typed: shown.typed ?? { email: '', error: null },
      invitations: invitations.map((each) => ({
        id: each.id,
        email: each.email,
        roles: rolesInWords(view, each.roles),
        expiresAt: each.expires_at,
        againForm: formTo(`${at}/invitations/${each.id}/deliveries`),
        revokeForm: formTo(`${at}/invitations/${each.id}/revocation`),
      })),
    }),
  )
}

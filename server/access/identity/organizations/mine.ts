import { Type } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { mayManage } from '../../../ground/tenants/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { switchTo } from '../../sessions/index.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import { rolesInWords } from '../invitations/hosted.ts'
import { listInvitations } from '../invitations/queries.ts'
import type { Page } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { type MineProps, organizationsPage } from './organizations-page.ts'
import { inWords, saidOf } from './said.ts'
import { toSignIn, type Visitor, visitorOf } from './signed-in.ts'

export const SaidQuery = Type.Object({ done: Type.Optional(Type.String({ maxLength: 20 })) })
export const CurrentForm = Type.Object({ organization_id: Type.Optional(Type.String({ maxLength: 64 })) })
export const OrganizationOfPage = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** More open invitations than this are somebody's nonsense. */
const INVITATIONS_MAX = 20

/** `GET /account/organizations`. */
export async function showMine(parts: Parts, call: Call<unknown, { done?: string }>): Promise<Answer> {
  const visitor = await visitorOf(parts, call)
  if (!visitor) return toSignIn(call)
  const view = pageOf(parts, call, visitor.user)
  return minePage(parts, view, visitor, { status: 200, said: saidOf(view, call.query.done) })
}

/** `POST /account/organizations/current`: from now on the person acts for this one. */
export async function postCurrent(parts: Parts, call: Call<{ organization_id?: string }>): Promise<Answer> {
  const visitor = await visitorOf(parts, call)
  if (!visitor) return toSignIn(call)
  const asPerson = { ...call, actor: visitor.actor }
  const { cookies } = await switchTo(parts, asPerson, call.body.organization_id || null)
  return redirect(`${call.prefix}/account/organizations?done=switched`, { cookies })
}

/** `POST /account/organizations/{id}/leave`. */
export async function postLeave(parts: Parts, call: Call<unknown, unknown, { id: string }>): Promise<Answer> {
  const visitor = await visitorOf(parts, call)
  if (!visitor) return toSignIn(call)
  const { actor, user } = visitor
  const refused = await parts.tenants.refusalOf(async () => {
    await parts.db.transaction(async (db) => {
      const own = await parts.tenants.membershipIn(db, call.params.id, user.id)
      const by = byCaller({ ...call, actor })
      await parts.tenants.removeMember(db, { id: own?.id ?? '', actor, by })
    })
  })
  if (!refused) return redirect(`${call.prefix}/account/organizations?done=left`, await renewed(parts, call))
  const view = pageOf(parts, call, user)
  return minePage(parts, view, visitor, { status: refused.status, said: saidOf(view, refused) })
}

/** The proof in this browser says the organisation that was just left. */
const renewed = async (parts: Parts, call: Call) => ({ cookies: (await parts.sessions.refresh(call)).cookies })

async function minePage(
  parts: Parts,
  view: Page,
  { session, user, actor }: Visitor,
  answer: { status: number; said: MineProps['said'] },
): Promise<Answer> {
  const { db, tenants } = parts
  const all = await tenants.membershipsOf(db, user.id)
  const heldBack = await tenants.heldBack(
    db,
    actor,
    all.map((each) => each.organization_id),
  )
  const memberships = all.filter((each) => !heldBack.has(each.organization_id))
  const emailKey = user.email.toLowerCase()
  const now = parts.clock.now()
  const invitations = await listInvitations(db, { emailKey, state: 'open', limit: INVITATIONS_MAX, now })
  const names = await tenants.names(db, [...new Set(invitations.map((each) => each.organization_id))])
  const props: MineProps = {
    said: answer.said,
    heldBack: [...new Set([...heldBack.values()].map((refusal) => inWords(view, refusal)))],
    memberships: memberships.map(({ organization_id: id, organization_name: name, roles }) => ({
      id,
      name,
      roles: rolesInWords(view, roles),
      isCurrent: id === session.organization_id,
      useForm: formTo('/account/organizations/current', { organization_id: id }),
      leaveForm: formTo(`/account/organizations/${id}/leave`),
      managePath: mayManage(roles) ? `/account/organizations/${id}` : null,
    })),
    invitations: invitations.map(({ id, organization_id, roles }) => ({
      id,
      name: names.get(organization_id) ?? '',
      roles: rolesInWords(view, roles),
      path: `/invitation/${id}`,
    })),
  }
  return page(answer.status, organizationsPage(view, props))
}

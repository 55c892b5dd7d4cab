import { byCaller } from '../../audit/index.ts'
import { once } from '../../../platform/idempotency.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Call, empty, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import {
  AddMembership,
  EditMembership,
  HELD_BACK,
  ListMemberships,
  Membership as MembershipShape,
  MembershipId,
  MembershipList,
} from '../answers.ts'
import { mayManage, type Membership } from '../membership.ts'
import { organizationNames } from '../organizations/queries.ts'
import { refuse } from '../refusals.ts'
import type { TenantsRoutesOptions } from '../routes.ts'
import { addMember } from './add-member.ts'
import { changeRoles } from './change-roles.ts'
import { listMemberships } from './list-memberships.ts'
import { findMembership, type ListedMembership } from './queries.ts'
import { askerIn, noMembership } from './reach-membership.ts'
import { removeMember } from './remove-member.ts'

const FOLLOWED =
  'Live sessions follow within a second; a proof that is already out, when it ends: in five minutes at most.'

export const membershipRoutes = (options: TenantsRoutesOptions): Route[] => [...reading(options), ...writing(options)]

function reading(options: TenantsRoutesOptions): Route[] {
  const { parts } = options.tenants
  const frame = { tag: 'memberships', guard: options.personOrStaff('organizations:read') }
  return [
    on(
      'GET /v1/memberships',
      {
        ...frame,
        summary: 'Who is in which organisation, newest first',
        description: `A person sees their own, or those of an organisation they are in. Staff see all. ${HELD_BACK}`,
        query: ListMemberships,
        answers: { 200: MembershipList, 403: ProblemShape, 404: ProblemShape },
      },
      async (call) => {
        const { showsEmails, ...page } = await listMemberships(parts, call.actor!, call.query)
        return json(200, { ...page, data: await allListed(options, parts.db, page.data, showsEmails) })
      },
    ),
    on(
      'GET /v1/memberships/{id}',
      {
        ...frame,
        summary: 'One membership',
        params: MembershipId,
        answers: { 200: MembershipShape, 403: ProblemShape, 404: ProblemShape },
      },
      async (call) => {
        const membership = await findMembership(parts.db, call.params.id)
        if (!membership) throw noMembership(call.params.id)
        return json(200, await listed(options, parts.db, call, membership))
      },
    ),
  ]
}

function writing(options: TenantsRoutesOptions): Route[] {
  const { tenants, people } = options
  const { parts } = tenants
  const frame = { tag: 'memberships', guard: options.personOrStaff('organizations:write'), isIdempotent: true } as const
  return [
    on(
      'POST /v1/memberships',
      {
        ...frame,
        summary: 'Put a person into an organisation',
        description: 'For staff and programs. Owners and admins invite instead: nobody is put anywhere by a stranger.',
        body: AddMembership,
        answers: { 201: MembershipShape, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      async (call) => {
        if (!call.actor!.isStaff) throw refuse('invite_instead')
        const { organization_id: organizationId, user_id: userId, roles } = call.body
        const known = await people(parts.db, [userId])
        if (!known.has(userId)) throw refuse('no_user', { id: userId.replace(/[^\w]/g, '') })
        const by = byCaller(call)
        return tenants.changing(() =>
          once(parts, call, async (db) =>
            json(
              201,
              await listed(options, db, call, await addMember(parts, db, { organizationId, userId, roles, by })),
            ),
          ),
        )
      },
    ),
    on(
      'PATCH /v1/memberships/{id}',
      {
        ...frame,
        summary: 'Change somebody’s roles',
        description: `${FOLLOWED} Nobody gives themselves another role, and only owners make and unmake owners.`,
        params: MembershipId,
        body: EditMembership,
        answers: { 200: MembershipShape, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) => {
        const change = { id: call.params.id, roles: call.body.roles, actor: call.actor!, by: byCaller(call) }
        return tenants.changing(() =>
          once(parts, call, async (db) =>
            json(200, await listed(options, db, call, await changeRoles(parts, db, change))),
          ),
        )
      },
    ),
    on(
      'DELETE /v1/memberships/{id}',
      {
        ...frame,
        summary: 'Remove somebody, or leave',
        description: `${FOLLOWED} Nobody is signed out: their sessions go on without the organisation.`,
        params: MembershipId,
        answers: { 204: null, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) =>
        tenants.changing(() =>
          once(parts, call, async (db) => {
            await removeMember(parts, db, { id: call.params.id, actor: call.actor!, by: byCaller(call) })
            return empty(204)
          }),
        ),
    ),
  ]
}

/** As its reader may see it; somebody else's and none at all get the same answer. */
async function listed(options: TenantsRoutesOptions, db: Queries, call: Call, membership: Membership) {
  const { id, organization_id: organizationId, user_id: userId } = membership
  const actor = call.actor!
  const { roles } = await askerIn(options.tenants.parts, db, organizationId, actor)
  const isOwn = userId === actor.id
  if (!actor.isStaff && !isOwn && roles === null) throw noMembership(id)
  const names = await organizationNames(db, [organizationId])
  const row = { ...membership, organization_name: names.get(organizationId) ?? '' }
  const [shown] = await allListed(options, db, [row], actor.isStaff || isOwn || mayManage(roles ?? []))
  return shown
}

async function allListed(
  options: TenantsRoutesOptions,
  db: Queries,
  rows: readonly ListedMembership[],
  showsEmails: boolean,
) {
  const known = await options.people(db, [...new Set(rows.map((row) => row.user_id))])
  return rows.map((row) => ({
    id: row.id,
    organization: { id: row.organization_id, name: row.organization_name },
    user: {
      id: row.user_id,
      email: showsEmails ? (known.get(row.user_id)?.email ?? null) : null,
      name: known.get(row.user_id)?.name ?? null,
    },
    roles: row.roles,
    created_at: row.created_at,
    created_by: row.created_by,
  }))
}

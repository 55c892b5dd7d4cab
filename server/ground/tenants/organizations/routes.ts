import type { Static } from 'typebox'
import { byCaller } from '../../audit/index.ts'
import { once } from '../../../platform/idempotency.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { type Answer, type Call, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import {
  CreateOrganization,
  HELD_BACK,
  EditOrganization,
  ListOrganizations,
  Organization as OrganizationShape,
  OrganizationId,
  OrganizationList,
} from '../answers.ts'
import { noOrganization } from '../authority.ts'
import { askerIn } from '../memberships/reach-membership.ts'
import type { Organization } from '../organization.ts'
import type { TenantsRoutesOptions } from '../routes.ts'
import { createOrganization } from './create-organization.ts'
import { deleteOrganization, undoDeletion } from './delete-organization.ts'
import { editOrganization } from './edit-organization.ts'
import { listOrganizations } from './list-organizations.ts'
import { findOrganization } from './queries.ts'

const DELETING =
  'Its members’ sessions go on without it and its invitations are revoked at once. Until `deletes_at` (HOLDFAST_DELETION_GRACE) it can be undone; after that it is gone for good.'

export function organizationRoutes(options: TenantsRoutesOptions): Route[] {
  const { tenants } = options
  const { parts } = tenants
  const tag = 'organizations'
  const reading = { tag, guard: options.personOrStaff('organizations:read') }
  const writing = { tag, guard: options.staff('organizations:write'), isIdempotent: true } as const
  const write = (call: Call, status: number, work: (db: Queries) => Promise<Organization>) =>
    tenants.changing(() =>
      once(parts, call, async (db) => json(status, await listed(options, db, call, await work(db)))),
    )
  return [
    on(
      'GET /v1/organizations',
      {
        ...reading,
        summary: 'One’s own organisations; for staff, all, newest first',
        description: HELD_BACK,
        query: ListOrganizations,
        answers: { 200: OrganizationList, 400: ProblemShape },
      },
      (call) => list(options, call),
    ),
    on(
      'POST /v1/organizations',
      {
        ...writing,
        summary: 'Make an organisation',
        body: CreateOrganization,
        answers: { 201: OrganizationShape, 409: ProblemShape },
      },
      (call) => write(call, 201, (db) => createOrganization(parts, db, { ...call.body, by: byCaller(call) })),
    ),
    on(
      'GET /v1/organizations/{id}',
      {
        ...reading,
        summary: 'One organisation',
        params: OrganizationId,
        answers: { 200: OrganizationShape, 403: ProblemShape, 404: ProblemShape },
      },
      async (call) => json(200, await listed(options, parts.db, call, await readable(options, call, call.params.id))),
    ),
    on(
      'PATCH /v1/organizations/{id}',
      {
        ...writing,
        summary: 'Change its name, slug or metadata',
        params: OrganizationId,
        body: EditOrganization,
        answers: { 200: OrganizationShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) =>
        write(call, 200, (db) => editOrganization(parts, db, { ...call.body, id: call.params.id, by: byCaller(call) })),
    ),
    on(
      'DELETE /v1/organizations/{id}',
      {
        ...writing,
        summary: 'Delete an organisation, with time to undo it',
        description: DELETING,
        params: OrganizationId,
        answers: { 202: OrganizationShape, 404: ProblemShape },
      },
      (call) => write(call, 202, (db) => deleteOrganization(parts, db, { id: call.params.id, by: byCaller(call) })),
    ),
    on(
      'DELETE /v1/organizations/{id}/deletion',
      {
        ...writing,
        summary: 'Undo its deletion',
        params: OrganizationId,
        answers: { 200: OrganizationShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) => write(call, 200, (db) => undoDeletion(parts, db, { id: call.params.id, by: byCaller(call) })),
    ),
  ]
}

async function list(
  options: TenantsRoutesOptions,
  call: Call<unknown, Static<typeof ListOrganizations>>,
): Promise<Answer> {
  const page = await listOrganizations(options.tenants.parts, call.actor!, call.query)
  return json(200, { ...page, data: await allListed(options, options.tenants.parts.db, call, page.data) })
}

/** Somebody else's and none at all get the same answer. */
async function readable(options: TenantsRoutesOptions, call: Call, id: string): Promise<Organization> {
  const { db } = options.tenants.parts
  const organization = await findOrganization(db, id)
  const asker = organization && (await askerIn(options.tenants.parts, db, id, call.actor!))
  const isHidden = !call.actor!.isStaff && (asker?.roles == null || organization?.deleted_at != null)
  if (!organization || isHidden) throw noOrganization(id)
  return organization
}

async function listed(options: TenantsRoutesOptions, db: Queries, call: Call, organization: Organization) {
  const [shown] = await allListed(options, db, call, [organization])
  return shown
}

async function allListed(
  options: TenantsRoutesOptions,
  db: Queries,
  call: Call,
  organizations: readonly Organization[],
) {
  const live = await options.countLiveSessions(
    db,
    organizations.map(({ id }) => id),
  )
  return organizations.map(({ created_by: _, ...organization }) => ({
    ...organization,
    metadata_private: call.actor!.isStaff ? organization.metadata_private : {},
    live_sessions: live.get(organization.id) ?? 0,
  }))
}

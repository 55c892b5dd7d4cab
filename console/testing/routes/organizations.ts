import type { Membership } from '../../app/api/wire/organizations.ts'
import { type Answer, invalid, is, matches, newId, nothing, pageOf, problem, type Routes } from '../answer.ts'
import { ofOrganization } from './fail-over.ts'
import { personOf } from '../world/installation.ts'
import { DAY_MS } from '../world/ids.ts'
import type { World } from '../world.ts'

const GRACE_DAYS = 14

/** Customers, their members, and who was asked to become one. */
export const organizations: Routes = {
  'GET organizations'(asked) {
    const { id, query, world } = asked
    if (id) {
      const found = world.organizations.find((one) => one.id === id)
      return found ? (ofOrganization(asked, 'GET') ?? [200, found]) : nothing(asked)
    }
    const state = query.get('state') ?? 'active'
    const found = world.organizations
      .filter((one) => matches(query, one.id, one.name, one.slug))
      .filter(({ deleted_at }) => state === 'all' || (state === 'deleting') === (deleted_at !== null))
    return pageOf(found, query)
  },
  'PUT organizations': (asked) => ofOrganization(asked, 'PUT') ?? nothing(asked),
  'POST organizations'(asked) {
    const { body, world, now } = asked
    if (asked.id) return ofOrganization(asked, 'POST') ?? nothing(asked)
    const name = String(body.name ?? '').trim()
    if (name === '') return invalid('name', 'must NOT have fewer than 1 characters')
    const slug = String(body.slug || name.toLowerCase().replace(/[^a-z0-9]+/g, '-'))
    if (world.organizations.some((one) => one.slug === slug)) {
      return problem(409, 'tenants.slug_taken', `The short name ${slug} is taken. Choose another.`)
    }
    const at = now.toISOString()
    const made = {
      id: newId('org'),
      name,
      slug,
      metadata_public: (body.metadata_public ?? {}) as Record<string, unknown>,
      metadata_private: (body.metadata_private ?? {}) as Record<string, unknown>,
      created_at: at,
      updated_at: at,
      deleted_at: null,
      deletes_at: null,
      members: 0,
      live_sessions: 0,
    }
    world.organizations.unshift(made)
    return [201, made]
  },
  'PATCH organizations'(asked) {
    const found = asked.world.organizations.find(({ id }) => id === asked.id)
    return found ? [200, Object.assign(found, asked.body)] : nothing(asked)
  },
  'DELETE organizations'(asked) {
    const found = asked.world.organizations.find(({ id }) => id === asked.id)
    if (!found) return nothing(asked)
    if (asked.under === 'sign-in-policy') return ofOrganization(asked, 'DELETE') ?? nothing(asked)
    if (asked.under === 'deletion') return [200, Object.assign(found, { deleted_at: null, deletes_at: null })]
    found.deleted_at = asked.now.toISOString()
    found.deletes_at = new Date(asked.now.getTime() + GRACE_DAYS * DAY_MS).toISOString()
    return [202, found]
  },

  'GET memberships'(asked) {
    const { id, query, world } = asked
    if (id) {
      const found = world.memberships.find((one) => one.id === id)
      return found ? [200, found] : nothing(asked)
    }
    const found = world.memberships.filter(
      ({ organization, user }) => is(query, 'organization_id', organization.id) && is(query, 'user_id', user.id),
    )
    return pageOf(found, query)
  },
  'POST memberships'({ body, world, now }) {
    const organization = world.organizations.find(({ id }) => id === body.organization_id)
    const user = world.users.find(({ id }) => id === body.user_id)
    if (!organization) return invalid('organization_id', 'names no organisation')
    if (!user) return invalid('user_id', 'names no user')
    if (world.memberships.some((one) => one.organization.id === organization.id && one.user.id === user.id)) {
      return problem(409, 'tenants.already_member', 'This person is a member already. Change the roles instead.')
    }
    const made = {
      id: newId('mem'),
      organization: { id: organization.id, name: organization.name },
      user: personOf(user),
      roles: body.roles as string[],
      created_at: now.toISOString(),
      created_by: world.self.user,
    }
    world.memberships.unshift(made)
    organization.members += 1
    return [201, made]
  },
  'PATCH memberships'(asked) {
    const found = asked.world.memberships.find(({ id }) => id === asked.id)
    if (!found) return nothing(asked)
    const { roles } = asked.body as Pick<Membership, 'roles'>
    if (isLastOwner(asked.world, found) && !roles.includes('owner')) return lastOwner()
    return [200, Object.assign(found, { roles })]
  },
  'DELETE memberships'(asked) {
    const { world, id } = asked
    const found = world.memberships.find((one) => one.id === id)
    if (!found) return nothing(asked)
    if (isLastOwner(world, found)) return lastOwner()
    world.memberships = world.memberships.filter((one) => one !== found)
    return [204]
  },

  'GET invitations'(asked) {
    const { id, query, world } = asked
    if (id) {
      const found = world.invitations.find((one) => one.id === id)
      return found ? [200, found] : nothing(asked)
    }
    return pageOf(
      world.invitations.filter(({ organization }) => is(query, 'organization_id', organization.id)),
      query,
    )
  },
  'POST invitations'(asked) {
    const { id, under, body, world, now } = asked
    if (id) {
      const found = world.invitations.find((one) => one.id === id)
      return found && under === 'deliveries' ? [202, found] : nothing(asked)
    }
    const organization = world.organizations.find((one) => one.id === body.organization_id)
    if (!organization) return invalid('organization_id', 'names no organisation')
    if (!String(body.email).includes('@')) return invalid('email', 'must match format "email"')
    const made = {
      id: newId('inv'),
      organization: { id: organization.id, name: organization.name },
      email: String(body.email),
      roles: (body.roles as string[] | undefined) ?? ['member'],
      application_id: (body.application_id as string | undefined) ?? null,
      state: 'open' as const,
      created_at: now.toISOString(),
      created_by: world.self.user,
      expires_at: new Date(now.getTime() + 7 * DAY_MS).toISOString(),
      accepted_at: null,
      accepted_by: null,
    }
    world.invitations.unshift(made)
    return [201, made]
  },
  'DELETE invitations'(asked) {
    const found = asked.world.invitations.find(({ id }) => id === asked.id)
    if (!found) return nothing(asked)
    found.state = 'revoked'
    return [200, found]
  },
}

function isLastOwner(world: World, membership: Membership): boolean {
  const owners = world.memberships.filter(
    ({ organization, roles }) => organization.id === membership.organization.id && roles.includes('owner'),
  )
  return owners.length === 1 && owners[0] === membership
}

function lastOwner(): Answer {
  return problem(409, 'tenants.last_owner', 'This is the last owner. Make somebody else an owner first.')
}

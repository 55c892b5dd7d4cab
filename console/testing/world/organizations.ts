import type { Invitation, Membership, Organization } from '../../app/api/wire/organizations.ts'
import type { User } from '../../app/api/wire.ts'
import { type Ago, DAY_MS, HOUR_MS, idOf } from './ids.ts'

const names = [
  'Acme',
  'Blauwe Toren Verzekeringen',
  'Casa Verde',
  'Delfim & Filhos',
  'Eiríksson Fisk',
  'Fjord Logistikk',
  'Girasole',
  'Hafen 9',
  'Iberian Rail Maintenance and Rolling Stock Cooperative',
  'Jansen Bouw',
  'Kestrel Health',
  'Lumen Studio',
] as const

/** Twelve customers, and who belongs to them. */
export function makeCustomers(users: readonly User[], ago: Ago) {
  const organizations = names.map((name, index) => makeOrganization(name, index, ago))
  const memberships = users.flatMap((user, index): Membership[] => {
    const organization = organizations[index % organizations.length]
    if (index % 4 === 3 || !organization) return []
    organization.members += 1
    organization.live_sessions += index % 3
    return [
      {
        id: idOf('mem', index),
        organization: { id: organization.id, name: organization.name },
        user: { id: user.id, email: user.email, name: user.name },
        roles: rolesOf(index),
        created_at: user.created_at,
        created_by: idOf('usr', 0),
      },
    ]
  })
  return {
    organizations,
    memberships,
    invitations: organizations.slice(0, 3).map((one, at) => makeInvitation(one, at, ago)),
  }
}

function rolesOf(index: number): string[] {
  if (index < names.length) return ['owner']
  return index % 5 === 0 ? ['admin', 'billing'] : ['member']
}

function makeOrganization(name: string, index: number, ago: Ago): Organization {
  const slug = name
    .normalize('NFD')
    .replace(/[^a-zA-Z0-9]+/g, '-')
    .toLowerCase()
    .replace(/^-|-$/g, '')
  return {
    id: idOf('org', index),
    name,
    slug,
    metadata_public: index % 2 === 0 ? { plan: 'team' } : {},
    metadata_private: index % 2 === 0 ? { crm: 9000 + index } : {},
    created_at: ago((index + 1) * 23 * DAY_MS),
    updated_at: ago((index + 1) * 3 * DAY_MS),
    deleted_at: index === 11 ? ago(2 * DAY_MS) : null,
    deletes_at: index === 11 ? ago(-12 * DAY_MS) : null,
    members: 0,
    live_sessions: 0,
  }
}

function makeInvitation({ id, name }: Organization, index: number, ago: Ago): Invitation {
  const state = (['open', 'accepted', 'expired'] as const)[index] ?? 'open'
  return {
    id: idOf('inv', index),
    organization: { id, name },
    email: `new.colleague${index + 1}@acme.test`,
    roles: ['member'],
    application_id: 'app_demo',
    state,
    created_at: ago((index + 1) * 20 * HOUR_MS),
    created_by: idOf('usr', 0),
    expires_at: ago((index - 1) * 4 * DAY_MS - HOUR_MS),
    accepted_at: state === 'accepted' ? ago(5 * HOUR_MS) : null,
    accepted_by: state === 'accepted' ? idOf('usr', 5) : null,
  }
}

import { Type } from 'typebox'
import { orNull, Time } from '../../platform/http/index.ts'
import { ROLE_PATTERN, ROLES_MAX } from './membership.ts'
import { SLUG_MAX } from './organization.ts'

/** The shapes of what is asked and answered, for the documentation and for the tests that hold every answer against it. */
const text = (description: string, ...examples: string[]) => Type.String({ description, examples })
const metadata = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description })

const organizationId = { description: 'The id of an organisation.', examples: ['org_01jd7s6k2m9q'] }
const membershipId = { description: 'The id of a membership.', examples: ['mem_01jd7s6p4x2c'] }
const userId = { description: 'The id of a person.', examples: ['usr_01jd7s5x8r3w'] }
export const OrganizationId = Type.Object({ id: Type.String({ maxLength: 64, ...organizationId }) })
export const MembershipId = Type.Object({ id: Type.String({ maxLength: 64, ...membershipId }) })

const Name = Type.String({ maxLength: 400, description: 'Up to 120 characters.', examples: ['Acme Labs'] })
const Slug = Type.String({
  maxLength: SLUG_MAX,
  description:
    'For addresses and people: small letters, digits and single hyphens. Derived from the name when left out.',
  examples: ['acme-labs'],
})
const MetadataPublic = metadata('What members may read, at most 16 KiB as JSON. Replaced as a whole.')
const MetadataPrivate = metadata('What only staff and programs read, at most 16 KiB as JSON. Replaced as a whole.')

export const CreateOrganization = Type.Object({
  name: Name,
  slug: Type.Optional(Slug),
  metadata_public: Type.Optional(MetadataPublic),
  metadata_private: Type.Optional(MetadataPrivate),
})
export const EditOrganization = Type.Object({
  name: Type.Optional(Name),
  slug: Type.Optional(Slug),
  metadata_public: Type.Optional(MetadataPublic),
  metadata_private: Type.Optional(MetadataPrivate),
})

const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'How many; 50 when left out.' }))
const Cursor = Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' }))
const NextCursor = orNull(Type.String({ description: 'Send it as `cursor` for the next page; null on the last one.' }))

/** Said where lists and single things are described. */
export const HELD_BACK =
  'An organisation whose sign-in policy does not take the session it is asked in is refused with the way to sign in; of one’s own, lists leave it out and count it as `held_back`.'
const HeldBack = Type.Optional(
  Type.Integer({
    description: 'How many of one’s own are left out of this page: their organisation does not take this session.',
    examples: [1],
  }),
)

export const ListOrganizations = Type.Object({
  query: Type.Optional(
    Type.String({ maxLength: 200, description: 'Beginnings of words of the name or the slug, or a whole id.' }),
  ),
  state: Type.Optional(
    Type.Union([Type.Literal('active'), Type.Literal('deleting'), Type.Literal('all')], {
      description: '`active` when left out.',
    }),
  ),
  limit: Limit,
  cursor: Cursor,
})

export const Organization = Type.Object(
  {
    id: Type.String(organizationId),
    name: text('Its name.', 'Acme Labs'),
    slug: text('What addresses and people call it; unique here.', 'acme-labs'),
    metadata_public: metadata('What your product keeps with it, and members may read.'),
    metadata_private: metadata('What your product keeps with it for itself; empty for those who are not staff.'),
    created_at: Time('When it was made.'),
    updated_at: Time('When its name, slug, metadata or deletion last changed.'),
    deleted_at: orNull(Time('When its deletion was asked for; null while it lives.')),
    deletes_at: orNull(Time('Until when the deletion can be undone.')),
    members: Type.Integer({ description: 'How many people are in it.', examples: [12] }),
    live_sessions: Type.Integer({
      description: 'How many live sessions act on its behalf; counted up to 1000.',
      examples: [5],
    }),
  },
  { description: 'One organisation.' },
)
export const OrganizationList = Type.Object(
  { data: Type.Array(Organization, { description: 'Newest first.' }), next_cursor: NextCursor, held_back: HeldBack },
  { description: 'Organisations, newest first.' },
)

const Role = Type.String({ pattern: ROLE_PATTERN, description: 'A role.', examples: ['admin'] })
const Roles = Type.Array(Role, {
  minItems: 1,
  maxItems: ROLES_MAX,
  description: '`owner`, `admin`, `member`, or roles of your own. They are claims: what they mean is up to your app.',
})
export const AddMembership = Type.Object({
  organization_id: Type.String({ maxLength: 64, ...organizationId }),
  user_id: Type.String({ maxLength: 64, ...userId }),
  roles: Roles,
})
export const EditMembership = Type.Object({ roles: Roles })
export const ListMemberships = Type.Object({
  organization_id: Type.Optional(Type.String({ maxLength: 64, ...organizationId })),
  user_id: Type.Optional(Type.String({ maxLength: 64, ...userId })),
  limit: Limit,
  cursor: Cursor,
})

export const Membership = Type.Object(
  {
    id: Type.String(membershipId),
    organization: Type.Object(
      { id: Type.String(organizationId), name: text('Its name.', 'Acme Labs') },
      { description: 'In which organisation.' },
    ),
    user: Type.Object(
      {
        id: Type.String(userId),
        email: orNull(text('The address; null for members who are neither owner nor admin.', 'ana@acme.example')),
        name: orNull(text('As the person gave it.', 'Ana Álvarez')),
      },
      { description: 'Who.' },
    ),
    roles: Type.Array(Role, { description: 'What they are there.' }),
    created_at: Time('Since when.'),
    created_by: text('Who made it: a person, a token, or the person who accepted an invitation.', 'usr_01jd7s5x8r3w'),
  },
  { description: 'One person in one organisation.' },
)
export const MembershipList = Type.Object(
  { data: Type.Array(Membership, { description: 'Newest first.' }), next_cursor: NextCursor, held_back: HeldBack },
  { description: 'Memberships, newest first.' },
)

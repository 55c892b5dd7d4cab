import { Type } from 'typebox'
import { orNull, Time } from '../../../platform/http/index.ts'
import { EXPIRES_IN_DAYS, EXPIRES_IN_DAYS_MAX, invitationStates } from './invitation.ts'

const id = { description: 'The id of an invitation. No secret.', examples: ['inv_01jd7s7q5n4w'] }
const organizationId = { description: 'The id of an organisation.', examples: ['org_01jd7s6k2m9q'] }
const applicationId = { description: 'The app in whose name it is sent; null: ours.', examples: ['app_notes'] }
const email = { description: 'Who is invited.', examples: ['ben@acme.example'] }
const Role = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,30}$', description: 'A role.', examples: ['member'] })
const state = (description: string, ...more: string[]) =>
  Type.Union(
    [...invitationStates, ...more].map((each) => Type.Literal(each)),
    { description, examples: ['open'] },
  )

export const InvitationId = Type.Object({ id: Type.String({ maxLength: 64, ...id }) })

export const CreateInvitation = Type.Object({
  organization_id: Type.String({ maxLength: 64, ...organizationId }),
  email: Type.String({ maxLength: 1000, ...email }),
  roles: Type.Optional(
    Type.Array(Role, { minItems: 1, maxItems: 20, description: 'What they will be there; `member` when left out.' }),
  ),
  application_id: Type.Optional(Type.String({ maxLength: 64, ...applicationId })),
  expires_in_days: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: EXPIRES_IN_DAYS_MAX,
      description: `How long it can be accepted; ${EXPIRES_IN_DAYS} when left out.`,
      examples: [EXPIRES_IN_DAYS],
    }),
  ),
})

export const ListInvitations = Type.Object({
  organization_id: Type.Optional(Type.String({ maxLength: 64, ...organizationId })),
  state: Type.Optional(state('Only those in this state; all when left out.', 'all')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})

export const InvitationShape = Type.Object(
  {
    id: Type.String(id),
    organization: Type.Object(
      { id: Type.String(organizationId), name: Type.String({ description: 'Its name.', examples: ['Acme Labs'] }) },
      { description: 'Into which organisation.' },
    ),
    email: Type.String(email),
    roles: Type.Array(Role, { description: 'What they will be there.' }),
    application_id: orNull(Type.String(applicationId)),
    state: state('Where it stands.'),
    created_at: Time('When it was made.'),
    created_by: Type.String({ description: 'A person or a token.', examples: ['usr_01jd7s5x8r3w'] }),
    expires_at: Time('Until when it can be accepted.'),
    accepted_at: orNull(Time('When it was accepted.')),
    accepted_by: orNull(Type.String({ description: 'By whom.', examples: ['usr_01jd7s5x8r3w'] })),
  },
  { description: 'One invitation.' },
)
export const InvitationList = Type.Object(
  {
    data: Type.Array(InvitationShape, { description: 'Newest first.' }),
    next_cursor: orNull(Type.String({ description: 'Send it as `cursor` for the next page; null on the last one.' })),
  },
  { description: 'Invitations, newest first.' },
)

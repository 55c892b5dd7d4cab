import { type Static, Type } from 'typebox'
import { orNull, Time } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import { PasskeyShape } from '../passkeys/shapes.ts'
import type { LinkedIdentity } from './linked-identity.ts'

const Id = { description: 'The linked identity.', examples: ['lid_01jd7s3b4g8t'] }
export const IdentityId = Type.Object({ id: Type.String({ maxLength: 64, ...Id }) })
export const UserAndIdentity = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The id of a person.', examples: ['usr_01jd7s5x8r3w'] }),
  identity: Type.String({ maxLength: 64, ...Id }),
})

export const LinkedShape = Type.Object(
  {
    id: Type.String(Id),
    provider: Type.Object(
      {
        id: Type.String({ description: 'The provider.', examples: ['prv_01jd7s3b4g8t'] }),
        name: orNull(
          Type.String({ description: 'Its name; null: it is not set up here any more.', examples: ['Auth0'] }),
        ),
      },
      { description: 'Where the person is known.' },
    ),
    issuer: Type.String({ description: 'As its tokens say it.', examples: ['https://acme.eu.auth0.com/'] }),
    subject: Type.String({ description: 'Who the person is there.', examples: ['auth0|5f7c8ec7c33c6c004bbafe82'] }),
    email: orNull(
      Type.String({
        description: 'As the provider last said it. Nobody is found by it.',
        examples: ['ana@acme.example'],
      }),
    ),
    name: orNull(Type.String({ description: 'As the provider last said it.', examples: ['Ana Álvarez'] })),
    linked_at: Time('Since when.'),
    last_proved_at: Time('When they last came through it.'),
    closed_at: orNull(
      Time('Since when it opens no other way in an outage of the provider; null: it does, where the policy says so.'),
    ),
    closed_reason: orNull(
      Type.Union([Type.Literal('invalid_grant'), Type.Literal('back-channel-logout'), Type.Literal('administrator')], {
        description: '`invalid_grant`: the provider no longer knows the person; coming through it once opens it again.',
        examples: ['invalid_grant'],
      }),
    ),
  },
  { description: 'Who a person is at a provider.' },
)
export const LinkedList = Type.Object({
  data: Type.Array(LinkedShape, { description: 'In the order in which they were linked; 10 at most.' }),
  next_cursor: Type.Null({ description: 'There is never a next page.' }),
})
export const SignInMethods = Type.Object(
  {
    email: Type.Object(
      {
        address: Type.String({ description: 'Where codes and links go.', examples: ['ana@acme.example'] }),
        proved_at: orNull(Time('Since when it is proven by a code or a link of ours; null: it never was.')),
        asserted_by: orNull(
          Type.String({ description: 'The provider that vouches for it.', examples: ['prv_01jd7s3b4g8t'] }),
        ),
        asserted_at: orNull(Time('Since when that provider has vouched for it.')),
      },
      { description: 'The mailbox.' },
    ),
    passkeys: Type.Array(PasskeyShape, { description: 'Without their keys; 20 at most.' }),
    linked_identities: Type.Array(LinkedShape, { description: '10 at most.' }),
    recovery_codes_left: Type.Integer({ description: 'How many of ten were not used yet.', examples: [10] }),
  },
  { description: 'By what a person can sign in.' },
)
export const Closing = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Why; kept in the audit.',
      examples: ['Left the company, ticket 4711'],
    }),
  },
  { additionalProperties: false },
)

export const linkedShown = (
  { providers }: Pick<Parts, 'providers'>,
  linked: LinkedIdentity,
): Static<typeof LinkedShape> => ({
  id: linked.id,
  provider: { id: linked.provider_id, name: providers.find(linked.provider_id)?.name ?? null },
  issuer: linked.issuer,
  subject: linked.subject,
  email: linked.email,
  name: linked.name,
  linked_at: linked.linked_at.toISOString(),
  last_proved_at: linked.last_proved_at.toISOString(),
  closed_at: linked.closed_at?.toISOString() ?? null,
  closed_reason: linked.closed_reason,
})

import { Type } from 'typebox'
import { orNull, Time } from '../../../platform/http/index.ts'
import { Person } from '../../sessions/index.ts'
import { NAME_LENGTH_MAX, PICTURE_URL_LENGTH_MAX } from '../pages/index.ts'
import { accountStates } from '../user.ts'

export const UserId = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The id of a person.', examples: ['usr_01jd7s5x8r3w'] }),
})
const metadata = (description: string) =>
  Type.Record(Type.String(), Type.Unknown(), { description, examples: [{ plan: 'team' }] })
const PUBLIC = 'What your product keeps with the person, and the person may read.'
const PRIVATE = 'What your product keeps with the person for itself.'
const Locale = Type.String({ maxLength: 100, description: 'Language, as a BCP 47 tag.', examples: ['en-GB'] })
const Zone = Type.String({ maxLength: 100, description: 'An IANA name.', examples: ['Europe/Madrid'] })

export const StaffUser = Type.Object(
  {
    ...Person.properties,
    locale: orNull(Locale),
    time_zone: orNull(Zone),
    metadata_public: metadata(PUBLIC),
    metadata_private: metadata(PRIVATE),
    created_at: Time('When the account was made.'),
    last_sign_in_at: orNull(Time('The newest sign-in; null before the first.')),
    state: Type.Union(
      accountStates.map((state) => Type.Literal(state)),
      { description: 'Only an `active` account can be signed in to.', examples: ['active'] },
    ),
    blocked_at: orNull(Time('Since when sign-in is refused; null: it is not.')),
    blocked_reason: orNull(Type.String({ description: 'For staff; the person is not told.', examples: ['Abuse'] })),
    deletes_at: orNull(Time('When the deletion becomes final; until then it can be undone. Null: none was asked for.')),
    factors: Type.Array(
      Type.Object(
        {
          kind: Type.Literal('email', { description: 'Codes and links to the address of the account.' }),
          since: Time('Since when.'),
        },
        { description: 'One way.' },
      ),
      { description: 'By what this person can prove who they are.' },
    ),
    live_sessions: Type.Integer({ description: 'How many sessions are live.', examples: [2] }),
    is_administrator: Type.Boolean({ description: 'Whether the console is open to this person.', examples: [false] }),
  },
  { description: 'One person.' },
)
export const UserList = Type.Object(
  {
    data: Type.Array(StaffUser, { description: 'Newest first.' }),
    next_cursor: orNull(Type.String({ description: 'Send it as `cursor` for the next page; null on the last one.' })),
  },
  { description: 'People, newest first.' },
)

const profile = {
  name: Type.Optional(
    orNull(
      Type.String({
        maxLength: 10 * NAME_LENGTH_MAX,
        description: 'As the person writes it.',
        examples: ['Ana Álvarez'],
      }),
    ),
  ),
  picture_url: Type.Optional(
    orNull(
      Type.String({
        maxLength: PICTURE_URL_LENGTH_MAX,
        description: 'Begins with https://.',
        examples: ['https://acme.example/ana.png'],
      }),
    ),
  ),
  locale: Type.Optional(orNull(Locale)),
  time_zone: Type.Optional(orNull(Zone)),
}
const merged = (what: string) => Type.Optional(metadata(`${what} Merged by its top-level names; null takes one out.`))

export const CreateUser = Type.Object(
  {
    email: Type.String({
      maxLength: 1000,
      description: 'Normalised as at sign-in. No mail is sent to it.',
      examples: ['ana@acme.example'],
    }),
    ...profile,
    metadata_public: Type.Optional(metadata(PUBLIC)),
    metadata_private: Type.Optional(metadata(PRIVATE)),
  },
  { additionalProperties: false },
)
export const EditUser = Type.Object(
  { ...profile, metadata_public: merged(PUBLIC), metadata_private: merged(PRIVATE) },
  { additionalProperties: false },
)
export const BlockUser = Type.Object(
  {
    reason: Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Why, for whoever looks at the account later. The person is not told.',
      examples: ['Sends spam from its notes; ticket 4711'],
    }),
  },
  { additionalProperties: false },
)
export const Deleting = Type.Object(
  { deletes_at: Time('When the deletion becomes final. Until then it can be undone, by staff or by signing in.') },
  { description: 'Every session has ended, and nobody can use the account.' },
)

export const Exported = Type.Object(
  {
    made_at: Time('When it was put together.'),
    user_id: UserId.properties.id,
    incomplete: Type.Array(Type.String({ description: 'The name of a section.', examples: ['sessions'] }), {
      description: 'Sections of which only the first 10 000 things are here.',
    }),
    sections: Type.Record(Type.String(), Type.Unknown(), {
      description: 'By what it is: `profile`, `sessions`, `memberships`, and so on.',
    }),
  },
  { description: 'Everything that is held about a person.' },
)

import { Type } from 'typebox'
import { reasons } from '../../../sdk/contract.ts'
import { orNull, ProblemShape, Time } from '../../platform/http/index.ts'

/** The shapes of what is asked and answered, for the documentation and for the tests that hold every answer against it. */
export const one = <const Value extends string>(values: readonly Value[], description: string) =>
  Type.Unsafe<Value>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      { description, examples: [values[0]] },
    ),
  )
export const text = (description: string, ...examples: string[]) =>
  Type.String({ description, ...(examples.length > 0 && { examples }) })
export const sessionId = text('The id of the session. No secret: it cannot be used to sign in.', 'ses_01jd7s6k2m9q')

export const PersonId = text('The id of the person.', 'usr_01jd7s5x8r3w')
const Email = orNull(text('The address that was proven at the sign-in.', 'ana@acme.example'))
const Name = orNull(text('As the person gave it.', 'Ana Álvarez'))

export const Person = Type.Object({
  id: PersonId,
  email: Email,
  name: Name,
  picture_url: orNull(text('A picture, if one was given.', 'https://acme.example/ana.png')),
})

const audience = text('The application for which it was issued; `account` or `console` for our own pages.', 'app_notes')
const authenticatedAt = Time('When the person last proved who they are.')
const why = `One of: ${Object.keys(reasons).join(', ')}.`

const Impersonator = Type.Object(
  { id: text('Who of the staff.', 'usr_01jd7s5x8r3w'), name: orNull(text('Their name.', 'Sam Support')) },
  { description: 'Support who acts as this person; null when it is the person.' },
)

export const SessionShape = Type.Object(
  {
    id: sessionId,
    user: Type.Object(Person.properties, { description: 'Who is signed in.' }),
    organization_id: orNull(text('The organisation on whose behalf the person acts.', 'org_01jd7s6k2m9q')),
    roles: Type.Array(text('', 'admin'), {
      description: 'What the person is in it: `owner`, `admin`, `member`, or roles of your own.',
    }),
    impersonator: orNull(Impersonator),
    audience,
    authenticated_at: authenticatedAt,
    expires_at: orNull(Time('The latest end; null when only a proof was at hand, which does not say.')),
    amr: Type.Array(text('', 'otp'), {
      description:
        'By which methods (RFC 8176): `otp` is an e-mailed code or link. `failover` beside them: let in that way because the identity provider was down.',
    }),
    acr: text(
      'How strong the sign-in was: `single` is one factor, `multiple` a passkey and what unlocks it.',
      'single',
    ),
    due_at: Type.Optional(
      Time(
        'Only of a session of fail-over whose identity provider is back: without a sign-in through it the session ends then.',
      ),
    ),
  },
  { description: 'The session.' },
)

const Source = one(
  ['database', 'cache', 'proof', 'grace'],
  'Where the answer comes from: read just now, known from before, a signed proof, or a proof past its expiry in an outage.',
)
const age = Type.Number({
  description: 'How long ago PostgreSQL last confirmed this, in milliseconds.',
  examples: [120],
})

export const Valid = Type.Object(
  { verdict: Type.Literal('valid', { description: 'Knowledge.' }), session: SessionShape, source: Source, age_ms: age },
  { description: 'Somebody is signed in.' },
)

export const Invalid = Type.Object(
  {
    ...ProblemShape.properties,
    verdict: Type.Literal('invalid', { description: 'Knowledge. Only this may sign anybody out.' }),
    reason: text(`Stable. ${why}`, 'signed_out'),
    source: orNull(Source),
    age_ms: age,
    ended_at: Type.Optional(orNull(Time('When it ended, if it did.'))),
    session_id: Type.Optional(sessionId),
  },
  { additionalProperties: true, description: 'Nobody is signed in, and it is known why.' },
)

export const Unknown = Type.Object(
  {
    ...ProblemShape.properties,
    verdict: Type.Literal('unknown', { description: 'An outage. Never to be read as “signed out”; cookies stay.' }),
    reason: text('What is away.', 'database_unavailable'),
    retry_after_s: Type.Integer({ description: 'When to ask again, in seconds.', examples: [2] }),
  },
  { additionalProperties: true, description: 'Whether somebody is signed in is not known at this moment.' },
)

export const SessionListRow = Type.Object(
  {
    id: sessionId,
    user: Type.Object({ id: PersonId, email: Email, name: Name }, { description: 'Whose it is.' }),
    audience,
    organization_id: orNull(text('The organisation on whose behalf the person acts.', 'org_01jd7s6k2m9q')),
    impersonator: orNull(Impersonator),
    created_at: Time('When it began.'),
    authenticated_at: authenticatedAt,
    last_seen_at: Time('When it was last used, to the minute.'),
    expires_at: Time('The latest end.'),
    ended_at: orNull(Time('When it ended; null while it lives.')),
    end_reason: orNull(text(`Why it ended. ${why}`, 'revoked')),
    ended_by: orNull(
      text('Who ended it: the id of a person, or `holdfast` for what ends by itself.', 'usr_01jd7s5x8r3w'),
    ),
    device: Type.Object(
      {
        name: text('Browser and system, in words.', 'Firefox on macOS'),
        user_agent: text('As the browser said it.'),
        address: text('The network address at the sign-in.', '203.0.113.7'),
      },
      { description: 'Where the sign-in happened.' },
    ),
    is_current: Type.Boolean({ description: 'Whether this is the session that asks.' }),
  },
  { description: 'One session.' },
)

export const NextCursor = orNull(text('Send it as `cursor` for the next page; null on the last one.'))
export const SessionList = Type.Object(
  { data: Type.Array(SessionListRow, { description: 'Newest first.' }), next_cursor: NextCursor },
  { description: 'Sessions, newest first.' },
)

/** More on one page is for nobody to read. */
const LIST_MAX = 200
export const cursor = Type.Optional(
  Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' }),
)
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX, description: 'How many; 50 when left out.' }))

export const ListQuery = Type.Object({
  user_id: Type.Optional(Type.String({ maxLength: 64, description: 'Of one person only. For the console.' })),
  organization_id: Type.Optional(
    Type.String({ maxLength: 64, description: 'In the name of one organisation only. For the console.' }),
  ),
  audience: Type.Optional(Type.String({ maxLength: 64, description: 'Of one application only.' })),
  state: Type.Optional(one(['live', 'ended', 'all'], 'Which; `live` when left out.')),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Begun at this time or later.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Begun before this time.' })),
  limit,
  cursor,
})
export const Id = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The id of a session.', examples: ['ses_01jd7s6k2m9q'] }),
})
export const UserId = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The id of a person.', examples: ['usr_01jd7s5x8r3w'] }),
})
export const Ended = Type.Object(
  { ended: Type.Integer({ description: 'How many sessions were live and are not any more.', examples: [3] }) },
  { description: 'They have ended.' },
)

const kid = text('The id of the key, as in the header of a proof.', 'key_01jd7s4c5n1v')
export const KeyList = Type.Object(
  {
    data: Type.Array(
      Type.Object({
        kid,
        state: one(
          ['next', 'active', 'retiring', 'retired'],
          'Published and not signing yet; signing; verifying only; of no use any more.',
        ),
        created_at: Time('When it was made.'),
        sign_from: Time('From when it signs.'),
        sign_until: Time('Until when it signs.'),
        verify_until: Time('Until when what it signed is believed.'),
      }),
      { description: 'Newest first.' },
    ),
  },
  { description: 'All keys that are kept.' },
)
export const Rotated = Type.Object({ kid }, { description: 'This key signs from now on, and a new one is published.' })

export const Keys = Type.Object(
  {
    keys: Type.Array(
      Type.Object({
        kty: Type.Literal('EC', { description: 'Elliptic curve.' }),
        crv: Type.Literal('P-256', { description: 'The curve.' }),
        x: text('First coordinate, base64url.', 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU'),
        y: text('Second coordinate, base64url.', 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'),
        kid,
        alg: Type.Literal('ES256', { description: 'The only algorithm.' }),
        use: Type.Literal('sig', { description: 'For signatures.' }),
      }),
      { description: 'At least two: the one that signs, and the next.' },
    ),
  },
  { description: 'A JWK Set (RFC 7517).' },
)

export const FeedText = Type.String({
  description:
    'Events, as long as the connection lives: `revocation` (with its number as the id; resume with Last-Event-ID), `keys`, and `sync` every two seconds.',
})

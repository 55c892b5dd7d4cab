import { type TSchema, Type } from 'typebox'

/** The shapes of what is answered, for the documentation and for the tests that hold every answer against it. */
const Time = Type.String({ format: 'date-time' })
const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

export const Person = Type.Object({
  id: Type.String(),
  email: orNull(Type.String()),
  name: orNull(Type.String()),
  picture_url: orNull(Type.String()),
})

export const SessionShape = Type.Object({
  id: Type.String(),
  user: Person,
  organization_id: orNull(Type.String()),
  audience: Type.String(),
  authenticated_at: Time,
  expires_at: orNull(Time),
  amr: Type.Array(Type.String()),
  acr: Type.String(),
})

const Source = Type.Union(['database', 'cache', 'proof', 'grace'].map((source) => Type.Literal(source)))

export const Valid = Type.Object({
  verdict: Type.Literal('valid'),
  session: SessionShape,
  source: Source,
  age_ms: Type.Number({ description: 'How old the knowledge is, in milliseconds.' }),
})

export const ProblemShape = Type.Object(
  { type: Type.String(), title: Type.String(), status: Type.Integer(), code: Type.String(), detail: Type.String() },
  { additionalProperties: true },
)

export const Invalid = Type.Object(
  {
    ...ProblemShape.properties,
    verdict: Type.Literal('invalid'),
    reason: Type.String(),
    source: orNull(Source),
    age_ms: Type.Number(),
    ended_at: Type.Optional(orNull(Time)),
    session_id: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)

export const Unknown = Type.Object(
  {
    ...ProblemShape.properties,
    verdict: Type.Literal('unknown'),
    reason: Type.String(),
    retry_after_s: Type.Integer(),
  },
  { additionalProperties: true },
)

export const SessionListRow = Type.Object({
  id: Type.String(),
  user: Type.Object({ id: Type.String(), email: orNull(Type.String()), name: orNull(Type.String()) }),
  audience: Type.String(),
  created_at: Time,
  authenticated_at: Time,
  last_seen_at: Time,
  expires_at: Time,
  ended_at: orNull(Time),
  end_reason: orNull(Type.String()),
  ended_by: orNull(Type.String()),
  device: Type.Object({ name: Type.String(), user_agent: Type.String(), address: Type.String() }),
  is_current: Type.Boolean(),
})

export const SessionList = Type.Object({ data: Type.Array(SessionListRow), next_cursor: orNull(Type.String()) })

export const KeyList = Type.Object({
  data: Type.Array(
    Type.Object({
      kid: Type.String(),
      state: Type.Union(['next', 'active', 'retiring', 'retired'].map((state) => Type.Literal(state))),
      created_at: Time,
      sign_from: Time,
      sign_until: Time,
      verify_until: Time,
    }),
  ),
})

export const Keys = Type.Object({
  keys: Type.Array(
    Type.Object({
      kty: Type.Literal('EC'),
      crv: Type.Literal('P-256'),
      x: Type.String(),
      y: Type.String(),
      kid: Type.String(),
      alg: Type.Literal('ES256'),
      use: Type.Literal('sig'),
    }),
  ),
})

import { type Static, Type } from 'typebox'
import { orNull, Time } from '../../platform/http/index.ts'
import { type ApplicationRow, MAX_AGE_MAX_S, MAX_AGE_MIN_S, type OnUnknown } from './application.ts'
import { Brand, keptBrand } from './brand.ts'
import { ORIGIN_LENGTH_MAX, ORIGINS_MAX } from './origins.ts'

const text = (description: string, ...examples: string[]) =>
  Type.String({ description, ...(examples.length > 0 && { examples }) })
const NAME_MAX = 80

const Name = Type.String({ maxLength: NAME_MAX, description: 'What people know it by.', examples: ['Acme Notes'] })
const Origins = Type.Array(Type.String({ maxLength: ORIGIN_LENGTH_MAX, examples: ['https://app.acme.example'] }), {
  maxItems: ORIGINS_MAX,
  description:
    'Where it is served: exact origins, https, or http on the loopback. No path, no wildcard, and each of one application only.',
})
const OnUnknownShape = Type.Object(
  {
    policy: Type.Unsafe<OnUnknown['policy']>({
      type: 'string',
      enum: ['serve', 'refuse'],
      description:
        '`serve`: old knowledge is good up to `max_age_s`. `refuse`: nothing older than a proof’s ordinary life, five minutes; then 503.',
      examples: ['serve'],
    }),
    max_age_s: Type.Integer({
      minimum: MAX_AGE_MIN_S,
      maximum: MAX_AGE_MAX_S,
      description: 'How old knowledge may be that is served in an outage.',
      examples: [MAX_AGE_MAX_S],
    }),
  },
  {
    additionalProperties: false,
    description:
      'What it does while nobody can tell whether somebody is signed in. The SDK goes by it where the app says nothing itself, and so does forward-auth.',
  },
)

export const Id = Type.Object({ id: Type.String({ maxLength: 64, description: 'The id of the application.' }) })

export type CreateApplication = Static<typeof CreateApplication>
export const CreateApplication = Type.Object({
  name: Name,
  origins: Origins,
  on_unknown: Type.Optional(OnUnknownShape),
  brand: Type.Optional(
    Type.Partial(Brand, {
      description: 'How it looks on hosted pages and in mails; what is left out is as without a brand.',
    }),
  ),
})

export type UpdateApplication = Static<typeof UpdateApplication>
export const UpdateApplication = Type.Object({
  name: Type.Optional(Name),
  origins: Type.Optional(Origins),
  on_unknown: Type.Optional(OnUnknownShape),
  brand: Type.Optional(Type.Partial(Brand, { description: 'Of the brand, only what is given changes.' })),
})

export const RotateKey = Type.Object({
  revoke_previous: Type.Optional(
    Type.Boolean({
      description:
        'True: the key before is refused at once, because somebody else may have it. Left out: it stays good for a day.',
    }),
  ),
})

export type ListApplications = Static<typeof ListApplications>
export const ListApplications = Type.Object({
  query: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name or an origin, or a whole id.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})

const ValidUntil = orNull(Time('Until then the key before the last rotation is good too; null: there is none.'))

export const ApplicationShape = Type.Object(
  {
    id: text('The id of the application.', 'app_01jd7s6k2m9q'),
    name: Name,
    audience: text('For whom its sessions are issued: its id.', 'app_01jd7s6k2m9q'),
    origins: Origins,
    on_unknown: OnUnknownShape,
    brand: Brand,
    key_hint: orNull(text('The last characters of its key; null: made before 0.2.', 'k3Qz')),
    key_created_at: orNull(Time('When its key was made; null: before 0.2.')),
    previous_key_valid_until: ValidUntil,
    created_at: Time('When it was made.'),
    updated_at: Time('When it was last changed.'),
    live_sessions: Type.Integer({ description: 'How many live; 1000 means that many or more.', examples: [412] }),
  },
  { description: 'An application. Its key is told only when it is made.' },
)
export const ApplicationList = Type.Object({
  data: Type.Array(ApplicationShape, { description: 'Newest first.' }),
  next_cursor: orNull(text('For the next page; null: this was the last.', 'YXBwXzAxamQ3czZrMm05cQ')),
})
const Key = text('The application key, told this once. A secret of the app’s server.', 'hf_production_app_…')
export const Made = Type.Object({ application: ApplicationShape, key: Key })
export const Rotated = Type.Object({ application: ApplicationShape, key: Key, previous_key_valid_until: ValidUntil })

/** As the API shows it. */
export function shown(row: ApplicationRow, liveSessions: number, now: Date) {
  const until = row.previous_key_valid_until === null ? null : new Date(row.previous_key_valid_until)
  return {
    id: row.id,
    name: row.name,
    audience: row.id,
    origins: row.origins,
    on_unknown: { policy: row.on_unknown_policy, max_age_s: row.on_unknown_max_age_s },
    brand: keptBrand(row.brand),
    key_hint: row.key_hint,
    key_created_at: row.key_created_at,
    previous_key_valid_until: until && until > now ? until : null,
    created_at: row.created_at,
    updated_at: row.updated_at,
    live_sessions: liveSessions,
  }
}

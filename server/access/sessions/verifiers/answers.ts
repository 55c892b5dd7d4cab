import { Type } from 'typebox'
import { Time } from '../../../platform/http/index.ts'

/** A day of an SDK's silence is not told afterwards; an hour is. */
export const REPORTED_MINUTES_MAX = 60
/** Verdicts × reasons × sources that go together; more is not ours. */
const KINDS_MAX = 80

const Minute = Type.Object(
  {
    minute: Time('The beginning of the minute.'),
    counts: Type.Record(
      Type.String({ pattern: '^(valid|invalid|unknown)/[a-z_]{0,40}/[a-z]{0,12}$' }),
      Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
      {
        maxProperties: KINDS_MAX,
        description:
          'How often each answer was given: `verdict/reason/source`, the latter two empty where there is none.',
        examples: [{ 'valid//proof': 1204, 'unknown/access_unreachable/': 3 }],
      },
    ),
    lag_ms: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'The oldest that the knowledge of revocations became in this minute; null: not known.',
      examples: [1800],
    }),
    away_ms: Type.Integer({
      minimum: 0,
      maximum: 60_000,
      description: 'For how long of this minute access did not answer.',
      examples: [0],
    }),
  },
  { description: 'What was said in one minute.' },
)

export const Report = Type.Object({
  instance: Type.String({
    pattern: '^[A-Za-z0-9_.:-]{1,64}$',
    description: 'Which process of the application; what an operator knows it by.',
    examples: ['web-1:4821'],
  }),
  minutes: Type.Array(Minute, {
    minItems: 1,
    maxItems: REPORTED_MINUTES_MAX,
    description: 'Minutes that are over. One that is told again replaces itself.',
  }),
})

export const Taken = Type.Object(
  {
    kept: Type.Integer({
      description: 'How many minutes were kept; what is older than two hours is not.',
      examples: [1],
    }),
  },
  { description: 'They are kept for 30 days.' },
)

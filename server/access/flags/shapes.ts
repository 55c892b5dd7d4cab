import { Type } from 'typebox'
import { orNull, Time } from '../../platform/http/index.ts'

/** 2^53 − 1. */
const NUMBER_MAX = Number.MAX_SAFE_INTEGER
const FAULTS_MAX = 20
/** As many as the SDK tells. */
const NAMES_MAX = 1000

const Epoch = Type.Integer({ minimum: 0, maximum: NUMBER_MAX, description: 'Rises with every restore.', examples: [3] })
const Seq = Type.Integer({
  minimum: 0,
  maximum: NUMBER_MAX,
  description: 'Within an epoch it grows by one with every change.',
  examples: [1893],
})
const Instance = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[\\x20-\\x7e]+$',
  description: 'Which process; the same for as long as it lives.',
  examples: ['web-7f9c:4711'],
})
const FlagSource = Type.Union(
  ['live', 'disk', 'bootstrap', 'fallback'].map((source) => Type.Literal(source)),
  { description: 'Where its answers come from; `fallback`: it has no flags at all.', examples: ['live'] },
)
const AgeMs = orNull(
  Type.Integer({
    minimum: 0,
    maximum: NUMBER_MAX,
    description: 'Since access last confirmed this number as the newest; null: not known.',
    examples: [1200],
  }),
)
const KeyListNumber = orNull(
  Type.Integer({
    minimum: 0,
    maximum: NUMBER_MAX,
    description: 'Of the greatest list of signing keys that it has seen; null: it did not say.',
    examples: [1],
  }),
)
const Fallbacks = Type.Record(Type.String({ maxLength: 200 }), Type.Integer({ minimum: 1, maximum: NUMBER_MAX }), {
  maxProperties: 200,
  description: 'By flag: how often the caller’s own default was the answer since the last report.',
  examples: [{ 'new-view': 12 }],
})
const Names = (description: string) =>
  Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal('flag'), Type.Literal('evaluator')], {
        description: 'A segment is an evaluator.',
      }),
      key: Type.String({ maxLength: 200, description: 'Which.', examples: ['new-view'] }),
    }),
    { maxItems: NAMES_MAX, description },
  )
const Fault = Type.Object({
  code: Type.String({
    maxLength: 100,
    description: 'The rule that was broken.',
    examples: ['missing_without_tombstone'],
  }),
  detail: Type.String({ maxLength: 2000, description: 'A sentence.', examples: ['In e3.s2 something is gone.'] }),
  missing: Type.Optional(Names('What it holds and what was offered to it has not.')),
})
const Holds = Type.Object(
  {
    digest: Type.String({
      pattern: '^[A-Za-z0-9_-]{1,200}$',
      description: 'Of the snapshot that it holds: who holds the same says the same.',
      examples: ['mVvK3tsC0gTVxJ3kT0m3xw0B7c2dQk3mSx4kPp0b4sE'],
    }),
    keys: Names('What was offered to be gone first, then the others, as far as there is room.'),
  },
  {
    description:
      'Told while it refuses what it is offered: a restore buries what nobody here knows. Never what they say.',
  },
)

export const FlagReport = Type.Object({
  instance: Instance,
  epoch: Epoch,
  seq: Seq,
  source: FlagSource,
  age_ms: AgeMs,
  fallbacks: Type.Optional(Fallbacks),
  key_list_number: Type.Optional(KeyListNumber),
  faults: Type.Optional(Type.Array(Fault, { maxItems: FAULTS_MAX, description: 'What it does not follow, and why.' })),
  holds: Type.Optional(Holds),
})

const Member = Type.Object({
  application: Type.String({ description: '`access`: a process of access itself.', examples: ['app_notes'] }),
  instance: Instance,
  epoch: Epoch,
  seq: Seq,
  source: FlagSource,
  age_ms: AgeMs,
  fallbacks: Fallbacks,
  faults: Type.Array(Fault, { description: 'What it does not follow, and why.' }),
  key_list_number: KeyListNumber,
  reported_at: Time('When it told so.'),
})

export const FleetShape = Type.Object(
  {
    epoch: orNull(Epoch),
    seq: orNull(Seq),
    data: Type.Array(Member, { description: 'Who has reported within five minutes, the furthest behind first.' }),
  },
  { description: 'Every process that evaluates flags, and the number that access serves itself.' },
)

export const SnapshotText = Type.String({
  description: 'Two lines of JSON: who signed, and what. The form is in docs/decisions/0034-truth-of-flags.md.',
})

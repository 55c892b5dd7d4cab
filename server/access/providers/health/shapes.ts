import { Type } from 'typebox'
import { orNull, Time } from '../../../platform/http/index.ts'
import { evidenceKinds, type EvidenceKind, type EvidenceOutcome } from '../evidence.ts'
import { type ProviderState, providerStates } from '../verdict.ts'

const LIMIT_MAX = 200
export const LIMIT_DEFAULT = 50

const text = (description: string, ...examples: string[]) =>
  Type.String({ description, ...(examples.length > 0 && { examples }) })

export const Page = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})

const ControlGood = orNull(
  Type.Boolean({
    description: 'Whether another address answered at that time, with the right time; null: none was asked.',
  }),
)

const EvidenceShape = Type.Object({
  seen_at: Time('When the look began, by the clock of the database.'),
  process_id: text('Which access process looked.', 'acme-1:4711'),
  round: orNull(text('One look at everything at once; null: a real sign-in.', 'rnd_01jd7s6k2m9q')),
  kind: Type.Unsafe<EvidenceKind>({
    type: 'string',
    enum: [...evidenceKinds],
    description: 'What was asked; `exchange` is the back-channel half of a real sign-in.',
    examples: ['token'],
  }),
  outcome: Type.Unsafe<EvidenceOutcome>({
    type: 'string',
    enum: ['good', 'fault', 'limited'],
    description: '`good`: it lives, also when it refuses. `limited`: 429, which is no fault.',
    examples: ['fault'],
  }),
  fault: orNull(text('What kind of fault.', 'timeout')),
  detail: orNull(text('A sentence.', 'it did not answer within 2500 ms')),
  took_ms: Type.Integer({ description: 'Milliseconds.', examples: [2500] }),
  is_control_good: ControlGood,
})

const nextCursor = orNull(text('For the next page; null: this was the last.', 'MTgwMjM'))

export const EvidenceList = Type.Object({
  data: Type.Array(EvidenceShape, { description: 'Newest first; kept for an hour.' }),
  next_cursor: nextCursor,
})

export const WhyShape = Type.Object(
  {
    sentence: text('For people.', 'Discovery (timeout) and token (timeout) failed in several looks.'),
    faults: Type.Array(
      Type.Object({
        kind: text('What failed.', 'token'),
        fault: text('How.', 'timeout'),
        count: Type.Integer({ description: 'How often.', examples: [4] }),
      }),
      { description: 'What it stands on.' },
    ),
    processes: Type.Object(
      {
        saw: Type.Integer({ description: 'Access processes that saw it.', examples: [2] }),
        live: Type.Integer({ description: 'Those that watched then.', examples: [3] }),
      },
      { description: 'More than half have to see it.' },
    ),
    is_control_good: ControlGood,
  },
  { description: 'What it stands on.' },
)

const State = Type.Unsafe<ProviderState>({
  type: 'string',
  enum: [...providerStates],
  description: '`unknown`: it cannot be told from a fault of our own network.',
  examples: ['down'],
})

export const ChangeList = Type.Object({
  data: Type.Array(
    Type.Object({
      epoch: Type.Integer({ description: 'Which change; it grows by one.', examples: [12] }),
      at: Time('When.'),
      state: State,
      is_open: Type.Boolean({ description: 'Whether people were sent another way from then on, orders included.' }),
      by: text('`holdfast`, or who ordered it.', 'holdfast'),
      why: WhyShape,
    }),
    { description: 'Newest first.' },
  ),
  next_cursor: nextCursor,
})

export const VerdictShape = Type.Object(
  {
    provider_id: text('Which provider.', 'prv_01jd7s6k2m9q'),
    epoch: Type.Integer({ description: 'Which change this was.', examples: [13] }),
    state: State,
    since: Time('Since when it is in this state.'),
    open_since: orNull(Time('Since when people are sent another way by what was seen; null: they are not.')),
    is_open: Type.Boolean({ description: 'Whether they are, orders included.' }),
    why: WhyShape,
    ordered: orNull(text('`open` or `closed`; null: nothing is ordered.', 'open')),
    ordered_reason: orNull(text('Why.', 'Acme has told us that they are down.')),
    ordered_by: orNull(text('Who ordered it.', 'usr_01jd7s5x8r3w')),
    ordered_until: orNull(Time('From then on what is seen decides again.')),
  },
  { description: 'What is held of a provider now.' },
)

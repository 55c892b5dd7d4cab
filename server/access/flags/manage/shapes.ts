import { type TSchema, Type } from 'typebox'
import { type Comparison, comparisons } from '../../../../sdk/flag-rules.ts'
import { orNull, Time } from '../../../platform/http/index.ts'

/** Of a key: as many characters as a URL and a log line carry uncut. */
const KEY_LENGTH_MAX = 200
const NAME_LENGTH_MAX = 120
const DESCRIPTION_LENGTH_MAX = 2000
const REASON_LENGTH_MAX = 500
const TAG_LENGTH_MAX = 40
/** People find things by a few words, not by dozens. */
const TAGS_MAX = 20
/** One call takes away so many; more is a restore or an import. */
const KEYS_MAX = 1000
const LIST_MAX = 200
const LIST_DEFAULT = 50

export const text = (description: string, ...examples: string[]) =>
  Type.String({ description, ...(examples.length > 0 && { examples }) })
/** One of a few words. */
export const oneOf = <Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], description, examples: [words[0]!] })
/** JSON of a form of its own, which is judged by what reads it. */
export const json = (description: string, example: unknown) =>
  Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true, description, examples: [example] })

export const Key = Type.String({
  minLength: 1,
  maxLength: KEY_LENGTH_MAX,
  description: 'What programs ask by. It never changes.',
  examples: ['new-view'],
})
export const FlagOf = Type.Object({ key: Key })
export const FlagNumberText = Type.String({
  pattern: '^e[0-9]{1,16}\\.s[0-9]{1,16}$',
  description: 'A number of the set: epoch and place in it.',
  examples: ['e3.s1893'],
})
export const MadeOn = Type.String({
  pattern: '^e[0-9]{1,16}\\.s[0-9]{1,16}$',
  description:
    'The `version` that you saw, or the number of the set. If somebody changed it since, nothing is done and the answer is `flags.changed_meanwhile`.',
  examples: ['e3.s1893'],
})
export const Reason = Type.Optional(
  Type.String({
    maxLength: REASON_LENGTH_MAX,
    description: 'Why; it stands in the history.',
    examples: ['Ticket 4711'],
  }),
)
export const Confirm = Type.Optional(
  Type.Integer({
    minimum: 0,
    description:
      'How many flags and segments this may take away; needed for more than five, or more than a fifth of all.',
    examples: [12],
  }),
)
export const DryRun = Type.Optional(
  Type.Boolean({ description: 'Only tell what would be changed.', default: false, examples: [true] }),
)
export const At = Type.String({
  maxLength: 40,
  description: 'An instant, RFC 3339.',
  examples: ['2026-11-21T10:42:00Z'],
})
const Definition = json('As flagd writes one flag: state, variants, defaultVariant, targeting, metadata.', {
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
})
export const DefinitionSet = json('A flagd definition: flags, `$evaluators` (the segments), metadata.', { flags: {} })
export const SegmentRule = Type.Unsafe<unknown>({
  description: 'A rule in JSONLogic.',
  examples: [{ '===': [{ var: 'plan' }, 'pro'] }],
})
const Metadata = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
  description: 'Flat: texts, numbers and booleans.',
  examples: [{ owner: 'team-a' }],
})

export const labels = {
  name: Type.Optional(
    orNull(Type.String({ maxLength: NAME_LENGTH_MAX, description: 'What people call it.', examples: ['New view'] })),
  ),
  description: Type.Optional(
    orNull(
      Type.String({ maxLength: DESCRIPTION_LENGTH_MAX, description: 'What it is for.', examples: ['The new list.'] }),
    ),
  ),
  tags: Type.Optional(
    Type.Array(
      Type.String({ minLength: 1, maxLength: TAG_LENGTH_MAX, description: 'A word.', examples: ['checkout'] }),
      {
        maxItems: TAGS_MAX,
        uniqueItems: true,
        description: 'Words to find it by.',
      },
    ),
  ),
}

export const MakeFlag = Type.Object({ key: Key, definition: Definition, ...labels, reason: Reason })
export const EditFlag = Type.Object({
  made_on: MadeOn,
  definition: Type.Optional(Definition),
  ...labels,
  reason: Reason,
})
export const MakeSegment = Type.Object({ key: Key, definition: SegmentRule, ...labels, reason: Reason })
export const EditSegment = Type.Object({
  made_on: MadeOn,
  definition: Type.Optional(SegmentRule),
  ...labels,
  reason: Reason,
})
export const Why = Type.Object({ reason: Reason })
export const Kill = Type.Object({
  variant: Type.Optional(
    text(
      'For everybody from now on. Left out: the flag is switched off, and every caller’s own default counts.',
      'off',
    ),
  ),
  reason: Reason,
})
const Condition = Type.Object(
  {
    attribute: Type.Optional(text('What of the context is looked at.', 'plan')),
    segment: Type.Optional(text('Instead of an attribute: a segment.', 'beta-testers')),
    is: oneOf(
      [...(Object.keys(comparisons) as Comparison[]), 'in', 'not-in'],
      'The comparison; of a segment `in` or `not-in`.',
    ),
    values: Type.Optional(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        maxItems: KEYS_MAX,
        description: 'What it is compared with: none, one or many.',
        examples: [['pro']],
      }),
    ),
  },
  { description: 'One condition.' },
)
export const RollOut = Type.Object({
  made_on: MadeOn,
  variant: text('What is rolled out.', 'on'),
  percent: Type.Number({ minimum: 0, maximum: 100, description: 'To how many of a hundred.', examples: [25] }),
  of: Type.Optional(
    Type.Object(
      {
        match: Type.Optional(oneOf(['all', 'any'], 'Whether all conditions have to hold, or one.')),
        conditions: Type.Array(Condition, { minItems: 1, maxItems: 20, description: 'Who is meant.' }),
      },
      { description: 'Of whom; left out: of everybody that no other rule is about.' },
    ),
  ),
  by: Type.Optional(text('The attribute that people are dealt out by; `targetingKey` when left out.', 'organization')),
  reason: Reason,
})
export const TakeAway = Type.Object({
  keys: Type.Array(Key, { minItems: 1, maxItems: KEYS_MAX, uniqueItems: true, description: 'Which.' }),
  confirm: Confirm,
  reason: Reason,
})
export const Import = Type.Object({
  definition: DefinitionSet,
  mode: Type.Optional(oneOf(['merge', 'replace'], '`replace` archives what is not in it.')),
  made_on: Type.Optional(MadeOn),
  confirm: Confirm,
  dry_run: DryRun,
  reason: Reason,
})
export const Restore = Type.Object({
  at: Type.Optional(At),
  keys: Type.Optional(
    Type.Array(Key, { minItems: 1, maxItems: KEYS_MAX, uniqueItems: true, description: 'These alone; left out: all.' }),
  ),
  confirm: Confirm,
  dry_run: DryRun,
  reason: Reason,
})
export const Adopt = Type.Object({ confirm: Confirm, dry_run: DryRun, reason: Reason })
export const SetMetadata = Type.Object({ metadata: Metadata, made_on: MadeOn, reason: Reason })
export const Undo = Type.Object({ confirm: Confirm, reason: Reason })
export const ChangeOf = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The change.', examples: ['chg_01'] }),
})

const paging = {
  cursor: Type.Optional(Type.String({ maxLength: 400, description: 'The `next_cursor` of the page before.' })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: LIST_MAX, default: LIST_DEFAULT, description: 'How many at most.' }),
  ),
}
export const ListAsked = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 200, description: 'Somewhere in key, name or description.' })),
  state: Type.Optional(oneOf(['live', 'archived', 'all'], 'Archived ones are not delivered.')),
  tag: Type.Optional(Type.String({ maxLength: TAG_LENGTH_MAX, description: 'Those with this tag.' })),
  ...paging,
})
export const HistoryAsked = Type.Object({
  key: Type.Optional(Type.String({ maxLength: KEY_LENGTH_MAX, description: 'Of this flag or segment alone.' })),
  kind: Type.Optional(oneOf(['flag', 'segment', 'set'], 'Of these alone; `set` is the metadata of all.')),
  ...paging,
})
export const HistoryOfOne = Type.Object(paging)
export const AtQuery = Type.Object({ at: At })
export const MaybeAtQuery = Type.Object({ at: Type.Optional(At) })
export const Try = Type.Object({
  key: Type.Optional(Key),
  definition: Type.Optional(Definition),
  context: json('Who asks: `targetingKey`, and what the rules look at.', { targetingKey: 'usr_1', plan: 'pro' }),
  at: Type.Optional(
    Type.String({
      maxLength: 40,
      description: 'As flags and clock were then; of an instant to come, with the flags of now.',
      examples: ['2026-11-21T03:00:00Z'],
    }),
  ),
})

const Who = Type.Object(
  {
    id: text('The id of a person or of a token.', 'usr_01jd7s5x8r3w'),
    label: orNull(text('Their name of today, where it is known.', 'Ana')),
  },
  { description: 'By whom.' },
)
const row = {
  key: Key,
  name: orNull(text('What people call it.', 'New view')),
  description: orNull(text('What it is for.', 'The new list.')),
  tags: Type.Array(text('A word.', 'checkout'), { description: 'Words to find it by.' }),
  sentence: text('Its rule in words.', 'for plan is pro: on; otherwise off'),
  version: FlagNumberText,
  created_at: Time('When it was made.'),
  created_by: Who,
  changed_at: Time('When it was last changed.'),
  changed_by: Who,
  archived_at: orNull(Time('Since when it is not delivered; null: it is.')),
}
const ofFlag = {
  type: oneOf(['boolean', 'string', 'number', 'object'], 'Of its values.'),
  is_enabled: Type.Boolean({ description: 'Switched off, every caller’s own default counts.', examples: [true] }),
  default_variant: orNull(text('For whom no rule gives another; null: the default of the code.', 'off')),
  variants: Type.Array(text('A variant.', 'on'), { description: 'The names of its variants.' }),
  is_client: Type.Boolean({ description: 'Whether browsers may ask for it.', examples: [false] }),
}
export const FlagRow = Type.Object({ ...row, ...ofFlag }, { description: 'A flag in a list.' })
export const FlagDetail = Type.Object(
  {
    ...row,
    ...ofFlag,
    definition: Definition,
    rules: Type.Array(text('A branch in words.', 'for plan is pro: on'), { description: 'Its rule, a branch each.' }),
    on_unknown: text('What is answered when it is not known whether it still holds.', 'last-known'),
    segments: Type.Array(text('A segment.', 'beta-testers'), { description: 'The segments that its rule asks.' }),
  },
  { description: 'A flag.' },
)
export const SegmentDetail = Type.Object({ ...row, definition: SegmentRule }, { description: 'A segment.' })

const Standing = Type.Object(
  {
    state: oneOf(
      ['following', 'holding', 'unknown'],
      'While it holds, what lies in the tables is not what is answered.',
    ),
    fault: orNull(text('Of holding: `wiped`, `behind`, `forked` or `quarantined`.', 'wiped')),
    sentence: text('What is, in a sentence.', 'Access follows its database.'),
  },
  { description: 'Whether flags can be changed here. They are answered in any case.' },
)
const listOf = (shape: TSchema) =>
  Type.Object({
    data: Type.Array(shape, { description: 'In the order of their keys.' }),
    next_cursor: orNull(text('For the next page; null: this was the last.', 'bmV3LXZpZXc')),
    number: orNull(FlagNumberText),
    total: Type.Integer({ description: 'How many are delivered, whatever was asked.', examples: [48] }),
    standing: Standing,
  })
export const FlagList = listOf(FlagRow)
export const SegmentList = listOf(SegmentDetail)
export const Changed = Type.Object(
  {
    change_id: orNull(text('What `undo` takes; null: nothing had to be changed.', 'chg_01jd7s6k2m9q')),
    number: FlagNumberText,
    keys: Type.Array(Key, { description: 'What was changed.' }),
  },
  { description: 'What was done.' },
)
export const FlagChanged = Type.Object(
  { ...Changed.properties, flag: FlagDetail },
  { description: 'The flag as it is now.' },
)
export const SegmentChanged = Type.Object(
  { ...Changed.properties, segment: SegmentDetail },
  { description: 'The segment as it is now.' },
)
const Kept = orNull(
  Type.Unsafe<Record<string, unknown>>({
    type: 'object',
    additionalProperties: true,
    description: 'Definition, name, description and tags; null: it was not delivered.',
  }),
)
const Diff = Type.Array(text('What changed.', 'default variant: off → on'), {
  description: 'A line for each thing that changed.',
})
export const ChangeShape = Type.Object(
  {
    change_id: text('Several rows of one change have the same.', 'chg_01jd7s6k2m9q'),
    number: FlagNumberText,
    at: Time('When.'),
    kind: oneOf(['flag', 'segment', 'set'], 'Of what; `set` is the metadata of all.'),
    key: Type.String({ description: 'Which; empty for the set.', examples: ['new-view'] }),
    deed: text('What was done.', 'edit'),
    diff: Diff,
    before: Kept,
    after: Kept,
    by: Type.Object(
      { ...Who.properties, kind: text('A person, a token, or Holdfast itself.', 'person') },
      { description: 'By whom.' },
    ),
    reason: orNull(text('Why, if it was said.', 'Ticket 4711')),
    can_undo: Type.Boolean({ description: 'Whether `undo` takes it at all.', examples: [true] }),
  },
  { description: 'One row of the history.' },
)
export const ChangeList = Type.Object({
  data: Type.Array(ChangeShape, { description: 'Newest first.' }),
  next_cursor: orNull(text('For the next page; null: this was the last.', 'Y2hnXzQy')),
})
export const Difference = Type.Object(
  {
    kind: oneOf(['flag', 'segment', 'set'], 'Of what.'),
    key: Type.String({ description: 'Which.', examples: ['new-view'] }),
    diff: Diff,
  },
  { description: 'One thing that differs.' },
)
const KeyList = (description: string) =>
  Type.Array(Type.String({ description: 'A key.', examples: ['new-view'] }), { description })
export const Compared = Type.Object({
  number: orNull(FlagNumberText),
  at: Time('What is compared with.'),
  added: KeyList('There now, and not then.'),
  removed: KeyList('There then, and not now.'),
  changed: Type.Array(Difference, { description: 'There both times, and different.' }),
})
const count = (description: string) => Type.Integer({ description, examples: [3] })
export const Rehearsal = Type.Object({
  dry_run: Type.Boolean({ description: 'Nothing was done.', examples: [true] }),
  added: count('How many come.'),
  changed: count('How many change.'),
  removed: count('How many are taken away.'),
  confirm: orNull(Type.Integer({ description: 'What has to be sent as `confirm`; null: nothing.', examples: [12] })),
  differences: Type.Array(Difference, { description: 'The first two hundred.' }),
})
export const Restored = Type.Object({
  ...Changed.properties,
  added: count('How many came.'),
  changed: count('How many changed.'),
  removed: count('How many were taken away.'),
  before: Type.Object(
    { number: orNull(FlagNumberText), made_at: orNull(Time('When.')), definition: DefinitionSet },
    { description: 'What was served until now; keep it.' },
  ),
})
export const Tried = Type.Object({
  value: Type.Unknown({ description: 'Null: the caller’s own default counts.', examples: [true] }),
  variant: orNull(text('Which.', 'on')),
  reason: text('As OpenFeature names it.', 'TARGETING_MATCH'),
  error_code: orNull(text('As OpenFeature names it.', 'PARSE_ERROR')),
  error_message: orNull(text('What is wrong.', 'The rule says "maybe", which is none of its variants.')),
  source: oneOf(['live', 'disk', 'log', 'draft'], 'Where the flag was taken from.'),
  number: orNull(FlagNumberText),
  because: text('Why, in one sentence.', 'The rule gives on.'),
  steps: Type.Array(
    Type.Object({
      text: text('What was looked at.', 'plan "free" is not in ["pro"]'),
      did: text('`matched`, `not-matched`, `chose`, `read`, `gave` or `failed`.', 'not-matched'),
      detail: text('What it came to, and where it stands in the rule.', 'false at /flags/new-view/targeting/if/0'),
      depth: Type.Integer({ description: 'Which belongs to which.', examples: [1] }),
    }),
    { description: 'In the order of looking.' },
  ),
})
export const MetadataShape = Type.Object({ metadata: Metadata, version: FlagNumberText })

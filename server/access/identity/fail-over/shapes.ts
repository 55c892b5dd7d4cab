import { Type } from 'typebox'
import { orNull, Time } from '../../../platform/http/index.ts'
import { refusedBecause } from './may-enter.ts'
import { ways } from './policy.ts'

const one = <const Value extends string>(values: readonly Value[], description: string) =>
  Type.Unsafe<Value>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      { description, examples: [values[0]] },
    ),
  )
const text = (description: string, example: string) => Type.String({ description, examples: [example] })

/** An outage of a provider is hours; whoever was not seen for three months may have left. */
const DAYS_MAX = 90
/** Half a day: a session of fail-over is to bridge an outage, and no more. */
const MINUTES_MAX = 12 * 60
const MINUTES_MIN = 5

const FailOver = Type.Object(
  {
    ways: Type.Array(one(['passkey', 'email'], 'A way.'), {
      minItems: 1,
      maxItems: 2,
      description: 'By what people are let in. Never less than is demanded.',
      examples: [['passkey']],
    }),
    seen_within_days: Type.Integer({
      minimum: 1,
      maximum: DAYS_MAX,
      description:
        'Only people who came through the provider within so many days; codes go only to an address that is as old.',
      examples: [30],
    }),
    session_minutes: Type.Integer({
      minimum: MINUTES_MIN,
      maximum: MINUTES_MAX,
      description: 'How long a session of fail-over lives at most.',
      examples: [480],
    }),
    unknown_opens: Type.Boolean({
      description: 'Whether it opens too while it is not known whether the provider or our own network is down.',
      examples: [false],
    }),
  },
  { additionalProperties: false, description: 'What people may do while the provider is down.' },
)

export const Policy = Type.Object(
  {
    provider_id: orNull(
      Type.String({ maxLength: 64, description: 'Through whom its people come.', examples: ['prv_01jd7s3b4g8t'] }),
    ),
    ordinary: Type.Array(one(ways, 'A way.'), {
      minItems: 1,
      maxItems: 3,
      description: 'By what people sign in on an ordinary day.',
      examples: [['provider']],
    }),
    demands: one(
      ['nothing', 'provider', 'second-factor'],
      'What may never be less, also while the provider is down. `provider`: nobody comes another way, and in fail-over only by passkeys that were enrolled within a session of the provider.',
    ),
    passkeys: one(
      ['offered', 'required'],
      '`required`: whoever has no passkey is asked for one at each sign-in by mail, on our own pages. It holds nobody back: a mailbox would make the key that it then needs. What holds back is `demands`.',
    ),
    fail_over: orNull(FailOver),
  },
  { additionalProperties: false, description: 'How the people of an organisation sign in.' },
)

/** Nothing is refused for it. */
export const Warning = orNull(
  text(
    'What this policy, or the one that waits, does that somebody may not mean; null: nothing.',
    'Whoever joins from now on has no way to begin: Acme SSO is not trusted for second factors, and a passkey counts for no more than the mailbox or the one factor that it was made with.',
  ),
)

export const SavePolicy = Type.Object(
  {
    policy: Policy,
    reason: orNull(Type.String({ maxLength: 500, description: 'For the audit, and for those who are told.' })),
    epoch: Type.Integer({ minimum: 0, description: 'Of the policy that was looked at.', examples: [3] }),
  },
  { additionalProperties: false },
)

export const PolicyShown = Type.Object(
  {
    policy: Policy,
    epoch: Type.Integer({ description: 'Counts changes; 0: it never said anything.', examples: [3] }),
    warning: Warning,
    waiting: orNull(
      Type.Object(
        {
          policy: Policy,
          asked_at: Time('When it was saved.'),
          takes_effect_at: Time('At the earliest, and never while the provider is down or not well.'),
          asked_by: text('Who saved it.', 'usr_01jd7s5x8r3w'),
          reason: orNull(text('What was said of it.', 'Passkeys are rolled out.')),
        },
        { description: 'A looser policy that waits.' },
      ),
    ),
  },
  { description: 'What is in force, and what waits.' },
)

const id = (description: string, example: string) => Type.String({ maxLength: 64, description, examples: [example] })
export const SignInsQuery = Type.Object({
  provider: Type.Optional(id('Only those for this provider.', 'prv_01jd7s3b4g8t')),
  organization: Type.Optional(id('Only those of this organisation.', 'org_01jd7s6k2m9q')),
  user: Type.Optional(id('Only those of this person.', 'usr_01jd7s5x8r3w')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: '50 when left out.', examples: [50] })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'From the page before.' })),
})

export const SignIns = Type.Object({
  data: Type.Array(
    Type.Object(
      {
        id: text('The sign-in.', 'fos_01jd7s3b4g8t'),
        user: Type.Object(
          {
            id: text('The id of the person.', 'usr_01jd7s5x8r3w'),
            email: text('Their address.', 'ana@acme.example'),
            name: orNull(text('As the person gave it.', 'Ana Álvarez')),
          },
          { description: 'Who was let in.' },
        ),
        organization: orNull(
          Type.Object(
            {
              id: text('The id of the organisation.', 'org_01jd7s6k2m9q'),
              name: orNull(text('Its name; null: it is gone.', 'Acme GmbH')),
            },
            { description: 'For which organisation.' },
          ),
        ),
        provider: Type.Object(
          {
            id: text('The provider.', 'prv_01jd7s3b4g8t'),
            name: orNull(text('Its name; null: it is not set up here any more.', 'Auth0')),
          },
          { description: 'Which was down.' },
        ),
        epoch: Type.Integer({ description: 'Of the verdict that opened it.', examples: [7] }),
        method: one(['passkey', 'code', 'link'], 'How they proved who they are.'),
        session_id: text('The session.', 'ses_01jd7s6k2m9q'),
        at: Time('When.'),
        due_at: orNull(Time('By when the session has to be confirmed at the provider; null: it is not back yet.')),
        proved_at: orNull(Time('When it was confirmed there; null: not yet.')),
      },
      { description: 'A sign-in while a provider was down.' },
    ),
    { description: 'Newest first.' },
  ),
  next_cursor: orNull(text('For the next page; null: this is the last.', 'fos_01jd7s3b4g8t')),
})

export const RefusalsQuery = Type.Object({
  organization: Type.Optional(id('Only those of this organisation.', 'org_01jd7s6k2m9q')),
})
export const Refusals = Type.Object({
  data: Type.Array(
    Type.Object(
      {
        hour: Time('The hour that began then.'),
        organization_id: text('The organisation whose policy it was.', 'org_01jd7s6k2m9q'),
        organization_name: orNull(text('Its name; null: it is gone.', 'Acme GmbH')),
        reason: one(refusedBecause, 'Why. `weaker_than_demanded`: what they proved is less than it demands.'),
        count: Type.Integer({ description: 'How often.', examples: [3] }),
      },
      { description: 'People who had proved who they are, and were kept out while their provider was down.' },
    ),
    { description: 'Newest first; 200 at most.' },
  ),
  next_cursor: Type.Null({ description: 'There is never a next page.' }),
})

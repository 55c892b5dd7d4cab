import { Type } from 'typebox'
import { orNull, Time } from '../../../../platform/http/index.ts'
import { Warning } from '../shapes.ts'
import { ways } from '../policy.ts'
import { ACTIVE_WITHIN_DAYS, whys, type WhyNot } from './readiness.ts'

const text = (description: string, example: string) => Type.String({ description, examples: [example] })
const count = (description: string, example: number) => Type.Integer({ description, examples: [example] })
const Named = (description: string, id: string, name: string) =>
  Type.Object({ id: text('Its id.', id), name: text('Its name.', name) }, { description })

export const ProviderNamed = Named('The provider that is thought to be down.', 'prv_01jd7s6k2m9q', 'Acme Auth0')
const OrganizationNamed = Named('The organisation.', 'org_01jd7s6k2m9q', 'Acme GmbH')
const Why = Type.Unsafe<WhyNot>(
  Type.String({ enum: Object.keys(whys), description: 'A stable word for the reason.', examples: ['no_passkey'] }),
)

export const Able = Type.Object(
  {
    passkey: count('By a passkey that their organisation allows.', 710),
    provider: count('Through another provider that they are linked to.', 0),
    email: count('By a mailed code alone.', 120),
    unknown: count('By a mailed code alone, and where the mailbox is was not found out yet. Not counted as able.', 0),
    no: count('Not at all.', 170),
  },
  { description: 'How many, each person once, by the best way they have.' },
)
export const Counted = {
  active: count(`Linked to the provider, open, and signed in within ${ACTIVE_WITHIN_DAYS} days.`, 1000),
  able: Able,
  ready: count('Could sign in.', 830),
  ready_percent: orNull(count('The same of those who are active, never rounded up to 100; null: nobody is.', 83)),
  sentence: text('All of it in a sentence.', '83 % of active users could sign in if Acme Auth0 died now: …'),
  whys: Type.Array(
    Type.Object(
      { why: Why, means: text('What it means.', whys.no_passkey), people: count('How many.', 120) },
      { description: 'One reason.' },
    ),
    { description: 'Why people could not, or by less than a passkey; the most frequent first.' },
  ),
}
const countedAt = orNull(Time('When this was counted; every ten minutes. Null: not yet.'))

export const ReadinessOf = Type.Object(
  {
    provider: ProviderNamed,
    organization: orNull(OrganizationNamed),
    counted_at: countedAt,
    ...Counted,
  },
  { description: 'How many could sign in if the provider died now.' },
)
export const ReadinessList = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          ...ReadinessOf.properties,
          organizations: Type.Array(ReadinessOf, {
            description: 'The ten in which most people could not; the others have a list of their own.',
          }),
        },
        { description: 'One provider, over all organisations.' },
      ),
      { description: 'Each provider that is enabled.' },
    ),
    active_within_days: count('Whoever signed in within so many days counts as active.', ACTIVE_WITHIN_DAYS),
    next_cursor: Type.Null({ description: 'There is one page.' }),
  },
  { description: 'Readiness for an outage, before it.' },
)
const nextCursor = orNull(Type.String({ description: 'Send it as `cursor` for the next page; null on the last one.' }))
export const OrganizationsReady = Type.Object(
  {
    data: Type.Array(ReadinessOf, { description: 'Where most people could not sign in comes first.' }),
    next_cursor: nextCursor,
  },
  { description: 'Readiness by organisation.' },
)
export const PeopleNotReady = Type.Object(
  {
    data: Type.Array(
      Type.Object(
        {
          user: Type.Object(
            {
              id: text('The id of the person.', 'usr_01jd7s5x8r3w'),
              email: text('Their address.', 'ana@acme.example'),
              name: orNull(text('Their name.', 'Ana Álvarez')),
            },
            { description: 'Who.' },
          ),
          able: Type.Unsafe<'provider' | 'email' | 'unknown' | 'no'>(
            Type.String({
              enum: ['provider', 'email', 'unknown', 'no'],
              description: 'The best way they have.',
              examples: ['no'],
            }),
          ),
          why: Why,
          means: text('What it means.', whys.no_passkey),
          last_sign_in_at: orNull(Time('Their newest sign-in.')),
        },
        { description: 'Somebody.' },
      ),
      { description: 'In the order of their ids.' },
    ),
    counted_at: countedAt,
    next_cursor: nextCursor,
  },
  { description: 'Who could not sign in, or by less than a passkey.' },
)

export const ProviderId = Type.Object({
  provider: Type.String({ maxLength: 64, description: 'The id of a provider.', examples: ['prv_01jd7s6k2m9q'] }),
})
export const OrganizationId = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The id of an organisation.', examples: ['org_01jd7s6k2m9q'] }),
})
const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 200, description: 'The `next_cursor` of the page before.' })),
}
export const Paging = Type.Object(paging)
export const PeopleQuery = Type.Object({
  able: Type.Optional(
    Type.Union([Type.Literal('no'), Type.Literal('unknown'), Type.Literal('email'), Type.Literal('provider')], {
      description: 'Only whose best way is this.',
      examples: ['no'],
    }),
  ),
  why: Type.Optional(
    Type.String({ enum: Object.keys(whys), description: 'Only for this reason.', examples: ['no_passkey'] }),
  ),
  organization_id: Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'On behalf of this organisation; left out: on behalf of the best that each person is in.',
    }),
  ),
  ...paging,
})

const Way = Type.Union(
  ways.map((way) => Type.Literal(way)),
  { description: 'One way to sign in.' },
)
/** What a policy is, read from a query: whoever saves one is asked more. */
export const PolicyAsked = Type.Object({
  provider_id: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  ordinary: Type.Array(Way, { maxItems: ways.length }),
  demands: Type.Union([Type.Literal('nothing'), Type.Literal('provider'), Type.Literal('second-factor')]),
  passkeys: Type.Union([Type.Literal('offered'), Type.Literal('required')]),
  fail_over: Type.Union([
    Type.Null(),
    Type.Object({
      ways: Type.Array(Type.Union([Type.Literal('passkey'), Type.Literal('email')]), { maxItems: 2 }),
      seen_within_days: Type.Integer({ minimum: 0, maximum: 3650 }),
      session_minutes: Type.Integer({ minimum: 1, maximum: 527_040 }),
      unknown_opens: Type.Boolean(),
    }),
  ]),
})
export const PreviewQuery = Type.Object({
  policy: Type.Optional(
    Type.String({
      maxLength: 4096,
      description: 'A sign-in policy as JSON; left out: the one that is in force.',
      examples: ['{"provider_id":"prv_01jd7s6k2m9q","ordinary":["provider"],"demands":"provider",…}'],
    }),
  ),
})
const Previewed = Type.Object(Counted, { description: 'Who could sign in under this policy.' })
export const Preview = Type.Object(
  {
    provider: orNull(ProviderNamed),
    now: Previewed,
    asked: Previewed,
    warning: Warning,
    members: count('Members that were looked at.', 40),
    is_whole: Type.Boolean({
      description: 'False: it has more members than are looked at for a page.',
      examples: [true],
    }),
  },
  {
    description:
      'Who of an organisation could sign in if its provider died now, under the policy in force and another.',
  },
)

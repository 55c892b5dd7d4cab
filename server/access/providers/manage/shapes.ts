import { Type } from 'typebox'
import { orNull, Time } from '../../../platform/http/index.ts'
import { WhyShape } from '../health/shapes.ts'
import type { Parts } from '../parts.ts'
import { type Preset, presets, type Provider } from '../provider.ts'
import { type ProviderState, providerStates, type Verdict, isOpen } from '../verdict.ts'

const text = (description: string, ...examples: string[]) =>
  Type.String({ description, ...(examples.length > 0 && { examples }) })
const texts = (description: string, ...examples: string[]) =>
  Type.Array(Type.String(), { description, examples: [examples] })

export const Id = Type.Object({ id: Type.String({ maxLength: 64, description: 'The id of the provider.' }) })

export const ListProviders = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})

const VerdictShape = Type.Object(
  {
    epoch: Type.Integer({ description: 'Counts its changes.', examples: [41] }),
    state: Type.Unsafe<ProviderState>({
      type: 'string',
      enum: [...providerStates],
      description: 'What is held of it now.',
    }),
    since: Time('Since when.'),
    open_since: orNull(Time('Since when people are sent another way; null: they are not.')),
    is_open: Type.Boolean({ description: 'Whether they are, orders included.' }),
    sentence: text('Why, for people.', 'discovery and token did not answer in two rounds'),
    why: WhyShape,
    decided_at: Time('When it was decided.'),
    decided_by: text('`holdfast`, or the administrator who ordered it.', 'holdfast'),
    ordered: orNull(text('An administrator’s order: `open` or `closed`.', 'open')),
    ordered_by: orNull(text('Who gave it.', 'usr_01jd7s5x8r3w')),
    ordered_reason: orNull(text('Why.', 'Their status page says so.')),
    ordered_until: orNull(Time('Until when it holds.')),
  },
  { description: 'Whether it can be reached, as far as this installation saw itself.' },
)

export const ProviderShape = Type.Object(
  {
    id: text('The id of the provider.', 'prv_01jd7s6k2m9q'),
    name: text('What people know it by.', 'Acme SSO'),
    preset: Type.Unsafe<Preset>({ type: 'string', enum: [...presets], description: 'Where it comes from.' }),
    issuer: text('Its issuer.', 'https://acme.eu.auth0.com/'),
    client_id: text('Who we are there.', 'holdfast'),
    has_client_secret: Type.Boolean({ description: 'Whether a client secret is kept, sealed.' }),
    client_secret_expires_at: orNull(Time('When the secret runs out; null: nobody has said.')),
    token_endpoint_auth: text('How we show who we are.', 'client_secret_basic'),
    scopes: texts('What is asked of it.', 'openid', 'email', 'profile'),
    tenants: texts('Entra’s tenants that may come in.'),
    domains: texts('Whose people come through it.', 'acme.example'),
    trusts_email: Type.Boolean({ description: 'Whether an address that it calls verified is taken for proven.' }),
    trusts_factors: Type.Boolean({ description: 'Whether what it says of factors is believed.' }),
    email_counts_from: orNull(
      Time('Trusted later than at the beginning: an address that it asserts counts in an outage from then on.'),
    ),
    factors_count_from: orNull(Time('Trusted within the last day: its factors count from then on; null: now.')),
    keys_good_for_ms: Type.Integer({
      description: 'For how long its last known keys are good.',
      examples: [86_400_000],
    }),
    is_enabled: Type.Boolean({ description: 'Whether people are sent to it.' }),
    tested_at: orNull(Time('The last test that went well with these settings; null: there is none.')),
    created_at: Time('When it was set up.'),
    changed_at: Time('When it was last changed.'),
    version: Type.Integer({ description: 'Counts changes.', examples: [3] }),
    callback_url: text(
      'What has to be allowed on the other side; each provider has its own.',
      'https://id.acme.example/sign-in/callback/prv_01jd7s6k2m9q',
    ),
    last_fetched: Type.Object(
      {
        discovery: orNull(Time('The last good discovery document; null: never.')),
        keys: orNull(Time('The last good key set; null: never.')),
      },
      { description: 'When its documents were last fetched and good.' },
    ),
    verdict: orNull(VerdictShape),
  },
  { description: 'An identity provider. Its client secret is never told.' },
)

/** As it is read alone. */
export const ProviderRead = Type.Object(
  {
    ...ProviderShape.properties,
    cut_off: Type.Array(
      Type.Object({
        process_id: text('The process of access.', 'access-1.eu-west'),
        cut_off_at: Time('When it was last found so.'),
      }),
      {
        description:
          'Processes of access whose own way out is cut off: neither providers nor control targets answer them, while they answer others. They count as no witness. Of all providers alike, some seconds old.',
      },
    ),
  },
  { description: 'An identity provider, and who says nothing of it. Its client secret is never told.' },
)

export const ProviderList = Type.Object({
  data: Type.Array(ProviderShape, { description: 'Newest first.' }),
  next_cursor: orNull(text('For the next page; null: this was the last.', 'cHJ2XzAxamQ3czZrMm05cQ')),
})

export const PresetList = Type.Object({
  data: Type.Array(
    Type.Object({
      preset: Type.Unsafe<Preset>({ type: 'string', enum: [...presets], description: 'What `preset` is called.' }),
      name: text('As people know it.', 'Auth0'),
      fields: texts('Of which the issuer is made.', 'domain'),
      scopes: texts('Asked when nothing else is said.', 'openid'),
      hint: text('What to do on the other side.'),
    }),
    { description: 'In the order of a form.' },
  ),
})

export const TestShape = Type.Object(
  {
    steps: Type.Array(
      Type.Object({
        name: text('What was tried.', 'discovery'),
        outcome: Type.Unsafe<'good' | 'bad'>({ type: 'string', enum: ['good', 'bad'], description: 'How it went.' }),
        detail: text('What was found, in a sentence.', 'It answered in 84 ms over TLSv1.3.'),
      }),
      { description: 'In order; what follows something bad was not tried.' },
    ),
    is_good: Type.Boolean({ description: 'Whether it can be enabled.' }),
  },
  { description: 'What a test of a provider found.' },
)

/** As the API shows it. */
export function shown(parts: Parts, provider: Provider, hasSecret: boolean, verdict: Verdict | undefined) {
  const { keys_good_for_ms, ...rest } = provider
  return {
    ...rest,
    keys_good_for_ms,
    has_client_secret: hasSecret,
    callback_url: parts.callbackUrl(provider.id),
    last_fetched: parts.documents.fetchedAt(provider),
    verdict: verdict
      ? {
          epoch: verdict.epoch,
          state: verdict.state,
          since: verdict.since,
          open_since: verdict.open_since,
          is_open: isOpen(verdict, { now: parts.clock.now(), unknownOpens: false }),
          sentence: verdict.why.sentence,
          why: verdict.why,
          decided_at: verdict.decided_at,
          decided_by: verdict.decided_by,
          ordered: verdict.ordered,
          ordered_by: verdict.ordered_by,
          ordered_reason: verdict.ordered_reason,
          ordered_until: verdict.ordered_until,
        }
      : null,
  }
}

import { type Static, Type } from 'typebox'
import { orNull, Time } from '../../../platform/http/index.ts'
import { type Preset, presets, type Provider } from '../provider.ts'
import { DOMAINS_MAX } from '../queries.ts'

const HOUR_MS = 60 * 60_000
export const KEYS_GOOD_MIN_MS = HOUR_MS
export const KEYS_GOOD_MAX_MS = 7 * 24 * HOUR_MS
const TENANTS_MAX = 200
const SCOPES_MAX = 30

const text = (maxLength: number, description: string, ...examples: string[]) =>
  Type.String({ maxLength, description, ...(examples.length > 0 && { examples }) })

const Scopes = Type.Array(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,100}$' }), {
  maxItems: SCOPES_MAX,
  description:
    'What is asked of it; `openid` is always among them. With `offline_access` it is noticed when somebody was removed there.',
  examples: [['openid', 'email', 'profile']],
})

const changeable = {
  name: text(200, 'What people know it by; it stands on the button.', 'Acme SSO'),
  issuer: text(500, 'Its issuer, letter by letter as its discovery document says it.', 'https://acme.eu.auth0.com/'),
  domain: text(300, 'For Auth0 and Okta: the domain of the tenant.', 'acme.eu.auth0.com'),
  tenant: text(100, 'For Entra: the tenant id, or `organizations` together with `tenants`.'),
  realm_url: text(500, 'For Keycloak: the address of the realm.', 'https://sso.acme.example/realms/acme'),
  client_id: Type.String({ minLength: 1, maxLength: 400, description: 'Who we are there.', examples: ['holdfast'] }),
  client_secret: orNull(
    Type.String({
      minLength: 1,
      maxLength: 2000,
      description: 'Kept sealed and never told again; null: a public client, which PKCE alone holds.',
      examples: ['kD8…'],
    }),
  ),
  client_secret_expires_at: orNull(Time('When the secret runs out; it is told 30 and 7 days before.')),
  token_endpoint_auth: Type.Unsafe<Provider['token_endpoint_auth']>({
    type: 'string',
    enum: ['client_secret_basic', 'client_secret_post', 'none'],
    description: 'How the secret is shown; `client_secret_basic` when left out, and `none` without a secret.',
  }),
  scopes: Scopes,
  domains: Type.Array(Type.String({ maxLength: 300, examples: ['acme.example'] }), {
    maxItems: DOMAINS_MAX,
    description: 'Whose people come through it: mail domains, each of one provider only. Public.',
  }),
  tenants: Type.Array(Type.String({ maxLength: 60, examples: ['11111111-2222-3333-4444-555555555555'] }), {
    maxItems: TENANTS_MAX,
    description: 'Entra’s tenants that may come in; needed for `common` and `organizations`.',
  }),
  trusts_email: Type.Boolean({
    description:
      'Whether an address that it calls verified is taken for proven: one of its `domains`, and at Google one of Gmail or of the Workspace of the account. False when left out. Turned on later, it counts in an outage a day after that.',
  }),
  trusts_factors: Type.Boolean({
    description:
      'Whether what it says of factors (`amr`, `acr`) is believed. False when left out. Turned on later, it counts a day after that.',
  }),
  keys_good_for_ms: Type.Integer({
    minimum: KEYS_GOOD_MIN_MS,
    maximum: KEYS_GOOD_MAX_MS,
    examples: [24 * HOUR_MS],
    description: 'For how long its last known keys are good while they cannot be fetched; a day when left out.',
  }),
}

export type ChangeProvider = Static<typeof ChangeProvider>
export const ChangeProvider = Type.Partial(Type.Object(changeable), { additionalProperties: false })

const { name, client_id, ...others } = changeable

export type AddProvider = Static<typeof AddProvider>
export const AddProvider = Type.Object(
  {
    preset: Type.Unsafe<Preset>({
      type: 'string',
      enum: [...presets],
      description: 'Where it comes from; of it and a field or two the issuer is made.',
    }),
    name,
    client_id,
    ...Type.Partial(Type.Object(others)).properties,
  },
  { additionalProperties: false },
)

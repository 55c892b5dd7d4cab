import { type Noun, paging } from '../noun.ts'
import { addProvider, editProvider, orderProvider, testProvider } from '../providers/changing.ts'

const settings = {
  issuer: { means: 'for keycloak and oidc: its issuer, letter by letter' },
  domain: { means: 'for auth0 and okta: the domain of the tenant' },
  tenant: { means: 'for entra: the tenant id, or "organizations" with --tenants' },
  'realm-url': { means: 'for keycloak: the address of the realm' },
  'client-secret-file': { means: 'file with the client secret; - for standard input' },
  public: { means: 'no client secret: PKCE alone holds', kind: 'yes', name: 'is_public' },
  'client-secret-expires-at': { means: 'RFC 3339; it is told 30 and 7 days before' },
  'token-endpoint-auth': { means: 'client_secret_basic, client_secret_post or none' },
  domains: { means: 'whose people come through it, with commas between', kind: 'list' },
  tenants: { means: 'entra’s tenants that may come in, with commas between', kind: 'list' },
  scopes: { means: 'what is asked of it, with commas between', kind: 'list' },
  'trusts-email': { means: 'true: an address that it calls verified is taken for proven' },
  'trusts-factors': { means: 'true: what it says of factors is believed' },
  'keys-good-for': { means: 'how long its last keys are good while they cannot be fetched: 1h to 7d' },
} as const

export const providers: Noun = {
  summary: 'identity providers: set up, test, enable, order',
  help: `Who vouches for people elsewhere, and whether it can be reached. A provider is set up disabled, tested, and then enabled. A
client secret is read from a file or standard input, never from the command line.

Examples:
  holdfast providers add --preset auth0 --name "Acme SSO" --domain acme.eu.auth0.com --client-id holdfast \\
    --client-secret-file - --domains acme.example < secret.txt
  holdfast providers test prv_01jd7s6k2m9q
  holdfast providers enable prv_01jd7s6k2m9q
  holdfast providers order prv_01jd7s6k2m9q open --reason "Their status page says so" --minutes 60`,
  columns: [
    ['id', 'id'],
    ['name', 'name'],
    ['kind', 'preset'],
    ['domains', 'domains'],
    ['enabled', 'is_enabled'],
    ['state', 'verdict.state'],
    ['open since', 'verdict.open_since'],
    ['tested', 'tested_at'],
  ],
  verbs: {
    list: { line: 'GET /v1/providers', summary: 'newest first', flags: paging },
    get: { line: 'GET /v1/providers/{id}', summary: 'one of them; never its secret' },
    add: {
      line: 'POST /v1/providers',
      summary: 'set one up, disabled',
      flags: {
        preset: { means: 'auth0, google, entra, okta, keycloak or oidc', isRequired: true },
        name: { means: 'what people know it by', isRequired: true },
        'client-id': { means: 'who we are there', isRequired: true },
        ...settings,
      },
      run: addProvider,
    },
    edit: {
      line: 'PATCH /v1/providers/{id}',
      summary: 'change what is given',
      flags: {
        name: { means: 'what people know it by' },
        'client-id': { means: 'who we are there' },
        ...settings,
      },
      run: editProvider,
    },
    test: {
      line: 'POST /v1/providers/{id}/test',
      summary: 'ask everything that a sign-in needs; exit code 1 when something is not good',
      run: testProvider,
    },
    enable: { line: 'POST /v1/providers/{id}/enable', summary: 'send people to it; after a test that went well' },
    disable: { line: 'POST /v1/providers/{id}/disable', summary: 'send nobody to it any more' },
    remove: { line: 'DELETE /v1/providers/{id}', summary: 'delete it; people keep their accounts' },
    order: {
      line: 'POST /v1/providers/{id}/order',
      summary: 'send people another way (open), or forbid it (closed), whatever is seen',
      words: { ordered: { means: 'open or closed' } },
      flags: {
        reason: { means: 'why; it stands in the history', isRequired: true },
        minutes: { means: 'for how long; 60 when left out, a day at most', kind: 'number' },
      },
      run: orderProvider,
    },
    keys: {
      line: 'GET /v1/providers/{id}/keys',
      summary: 'its keys as they were seen, withdrawn ones too; the newest 200',
      list: 'data',
      columns: [
        ['thumbprint', 'thumbprint'],
        ['kid', 'kid'],
        ['first seen', 'first_seen_at'],
        ['last seen', 'last_seen_at'],
        ['withdrawn', 'withdrawn_at'],
      ],
    },
    'reinstate-key': {
      line: 'POST /v1/providers/{id}/key-reinstatements',
      summary: 'take back that a key was withdrawn; it is good when its set holds it',
      flags: {
        // No word behind the verb: one in four thousand begins with two hyphens.
        thumbprint: { means: 'of a key that was withdrawn: "holdfast providers keys"', isRequired: true },
        reason: { means: 'why it is good; it stands in the audit', isRequired: true },
      },
    },
    'lift-order': { line: 'DELETE /v1/providers/{id}/order', summary: 'what is seen decides again' },
    history: {
      line: 'GET /v1/providers/{id}/history',
      summary: 'what was held of it, and why, newest first',
      columns: [
        ['at', 'at'],
        ['state', 'state'],
        ['open', 'is_open'],
        ['by', 'by'],
        ['why', 'why.sentence'],
      ],
      flags: paging,
    },
    evidence: {
      line: 'GET /v1/providers/{id}/evidence',
      summary: 'what was seen of it in the last hour',
      columns: [
        ['at', 'seen_at'],
        ['process', 'process_id'],
        ['asked', 'kind'],
        ['outcome', 'outcome'],
        ['fault', 'fault'],
        ['ms', 'took_ms'],
        ['control', 'is_control_good'],
      ],
      flags: paging,
    },
  },
}

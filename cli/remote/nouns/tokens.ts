import { type Noun, paging } from '../noun.ts'

export const tokens: Noun = {
  summary: 'machine and browser tokens: make, list, revoke',
  help: `A machine token is a program's way in, with the scopes it was given. A browser token stands in a page and asks flags
for their answers. Both are shown once.

Example: holdfast tokens create --name "Nightly export" --scopes users:read,audit:read --expires-in-days 90`,
  columns: [
    ['id', 'id'],
    ['name', 'name'],
    ['kind', 'kind'],
    ['hint', 'hint'],
    ['state', 'state'],
    ['scopes', 'scopes'],
    ['expires', 'expires_at'],
    ['last used', 'last_used_at'],
  ],
  verbs: {
    list: {
      line: 'GET /v1/tokens',
      summary: 'newest first',
      flags: { state: { means: 'live, expired, revoked or all' }, ...paging },
    },
    show: { line: 'GET /v1/tokens/{id}', summary: 'one of them' },
    create: {
      line: 'POST /v1/tokens',
      summary: 'make one; its scopes are at most your own',
      flags: {
        name: { means: 'what uses it', isRequired: true },
        scopes: { means: 'what it may do, with commas between', kind: 'list', isRequired: true },
        'expires-in-days': { means: '1 to 400; left out: until it is revoked', kind: 'number' },
      },
      row: 'token',
      secret: 'secret',
    },
    'create-browser': {
      line: 'POST /v1/browser-tokens',
      summary: 'make one for a page: it asks flags that are marked for browsers, and nothing else',
      flags: {
        name: { means: 'what uses it', isRequired: true },
        origins: { means: 'the pages that may send it, with commas between', kind: 'list', isRequired: true },
        'expires-in-days': { means: '1 to 400; left out: until it is revoked', kind: 'number' },
      },
      row: 'token',
      secret: 'secret',
    },
    delete: { line: 'DELETE /v1/tokens/{id}', summary: 'revoke it, for good' },
    whoami: { line: 'GET /v1/token', summary: 'the token that asks' },
  },
}

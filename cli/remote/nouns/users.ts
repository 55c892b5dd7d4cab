import { type Noun, paging } from '../noun.ts'
import { changeIdentity, removeIdentity, removePasskey, showMethods } from '../users/methods.ts'

const why = { means: 'why; it stands in the audit', isRequired: true } as const
const yes = { means: 'it is sure: nobody is asked', kind: 'yes' } as const

export const users: Noun = {
  summary: 'people: find, block, delete, export',
  help: `A deletion can be undone until its grace period is over; an export holds everything that is known about a person. A way in that is
removed cannot be brought back: what is left is said first. <user> is an id or an address.

Examples:
  holdfast users list --query ana@acme.example
  holdfast users sign-in-methods ana@acme.example
  holdfast users remove-passkey ana@acme.example psk_01jd7s3b4g8t
  holdfast users close-identity ana@acme.example lid_01jd7s3b4g8t --reason "Left the company, ticket 4711"`,
  columns: [
    ['id', 'id'],
    ['email', 'email'],
    ['name', 'name'],
    ['state', 'state'],
    ['last sign-in', 'last_sign_in_at'],
  ],
  verbs: {
    list: {
      line: 'GET /v1/users',
      summary: 'newest first',
      flags: {
        query: { means: 'part of an address or a name, or a whole id' },
        state: { means: 'active, blocked, deleting or all' },
        organization: { means: 'members of this organisation', name: 'organization_id' },
        ...paging,
      },
    },
    show: { line: 'GET /v1/users/{id}', summary: 'one of them' },
    create: {
      line: 'POST /v1/users',
      summary: 'make an account; no mail is sent',
      flags: { email: { means: 'the address', isRequired: true }, name: { means: 'what they are called' } },
    },
    update: {
      line: 'PATCH /v1/users/{id}',
      summary: 'change what is given',
      flags: {
        name: { means: 'what they are called' },
        'metadata-public': { means: 'JSON that the person may see', kind: 'json' },
        'metadata-private': { means: 'JSON for your programs only', kind: 'json' },
      },
    },
    block: {
      line: 'PUT /v1/users/{id}/block',
      summary: 'end their sessions and let them in no more',
      flags: { reason: { means: 'why; staff read it', isRequired: true } },
    },
    unblock: { line: 'DELETE /v1/users/{id}/block', summary: 'let them in again' },
    delete: { line: 'DELETE /v1/users/{id}', summary: 'delete the account after the grace period' },
    restore: { line: 'DELETE /v1/users/{id}/deletion', summary: 'undo a deletion within its grace period' },
    export: {
      line: 'GET /v1/users/{id}/export',
      summary: 'everything held about them, as JSON or a page',
      flags: { format: { means: 'json or html' } },
      isDocument: true,
    },
    'sign-in-methods': {
      line: 'GET /v1/users/{user}/sign-in-methods',
      summary: 'by what they can sign in',
      run: showMethods,
    },
    'remove-passkey': {
      line: 'DELETE /v1/users/{user}/passkeys/{passkey}',
      summary: 'one that they have lost; they are told by mail',
      flags: { yes },
      run: removePasskey,
    },
    'remove-identity': {
      line: 'DELETE /v1/users/{user}/linked-identities/{identity}',
      summary: 'who they were at a provider that made them anew; they are told by mail',
      flags: { yes },
      run: removeIdentity,
    },
    'close-identity': {
      line: 'POST /v1/users/{user}/linked-identities/{identity}/close',
      summary: 'in an outage of the provider nothing stands in for it',
      flags: { reason: why },
      run: changeIdentity,
    },
    'reopen-identity': {
      line: 'POST /v1/users/{user}/linked-identities/{identity}/reopen',
      summary: 'open it for outages again',
      flags: { reason: why },
      run: changeIdentity,
    },
    'end-sessions': { line: 'DELETE /v1/users/{id}/sessions', summary: 'sign them out everywhere' },
  },
}

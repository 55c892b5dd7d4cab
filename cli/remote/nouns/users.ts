import { type Noun, paging } from '../noun.ts'

export const users: Noun = {
  summary: 'people: find, block, delete, export',
  help: `A deletion can be undone until its grace period is over; an export holds everything that is known about a person.

Example: holdfast users list --query ana@acme.example`,
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
    'end-sessions': { line: 'DELETE /v1/users/{id}/sessions', summary: 'sign them out everywhere' },
  },
}

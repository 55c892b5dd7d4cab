import { type Noun, paging } from '../noun.ts'

const changes = {
  slug: { means: 'its name in addresses' },
  'metadata-public': { means: 'JSON that members may see', kind: 'json' },
  'metadata-private': { means: 'JSON for your programs only', kind: 'json' },
} as const

export const organizations: Noun = {
  summary: 'customers: make, change, delete',
  help: `An organisation is a customer on whose behalf people act; its members have roles in it.

Example: holdfast organizations create --name "Acme GmbH" --slug acme`,
  columns: [
    ['id', 'id'],
    ['name', 'name'],
    ['slug', 'slug'],
    ['members', 'members'],
    ['live sessions', 'live_sessions'],
    ['created', 'created_at'],
  ],
  verbs: {
    list: {
      line: 'GET /v1/organizations',
      summary: 'newest first',
      flags: {
        query: { means: 'part of a name or slug' },
        state: { means: 'active, deleting or all' },
        ...paging,
      },
    },
    show: { line: 'GET /v1/organizations/{id}', summary: 'one of them' },
    create: {
      line: 'POST /v1/organizations',
      summary: 'make one',
      flags: { name: { means: 'what people know it by', isRequired: true }, ...changes },
    },
    update: {
      line: 'PATCH /v1/organizations/{id}',
      summary: 'change what is given',
      flags: { name: { means: 'what people know it by' }, ...changes },
    },
    delete: {
      line: 'DELETE /v1/organizations/{id}',
      summary: 'delete it after the grace period; its members keep their accounts',
    },
    restore: {
      line: 'DELETE /v1/organizations/{id}/deletion',
      summary: 'undo a deletion within its grace period, with all members',
    },
  },
}

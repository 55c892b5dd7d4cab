import { type Noun, paging } from '../noun.ts'

const roles = {
  means: 'owner, admin, member or roles of your own, with commas between',
  kind: 'list',
  isRequired: true,
} as const

export const memberships: Noun = {
  summary: 'who belongs to which organisation, and as what',
  help: `The last owner of an organisation stays one.

Example: holdfast memberships list --organization org_01jd7s6k2m9q`,
  columns: [
    ['id', 'id'],
    ['organisation', 'organization.name'],
    ['person', 'user.email'],
    ['roles', 'roles'],
    ['since', 'created_at'],
  ],
  verbs: {
    list: {
      line: 'GET /v1/memberships',
      summary: 'of an organisation or of a person',
      flags: {
        organization: { means: 'of this organisation', name: 'organization_id' },
        user: { means: 'of this person', name: 'user_id' },
        ...paging,
      },
    },
    show: { line: 'GET /v1/memberships/{id}', summary: 'one of them' },
    create: {
      line: 'POST /v1/memberships',
      summary: 'make somebody a member, without an invitation',
      flags: {
        organization: { means: 'of which organisation', name: 'organization_id', isRequired: true },
        user: { means: 'whom', name: 'user_id', isRequired: true },
        roles,
      },
    },
    update: { line: 'PATCH /v1/memberships/{id}', summary: 'give other roles', flags: { roles } },
    delete: { line: 'DELETE /v1/memberships/{id}', summary: 'end it' },
  },
}

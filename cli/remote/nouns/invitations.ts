import { type Noun, paging } from '../noun.ts'

export const invitations: Noun = {
  summary: 'invite people into an organisation',
  help: `An invitation is a mail with a link; whoever can read that mail and accepts becomes a member.

Example: holdfast invitations create --organization org_01jd7s6k2m9q --email ana@acme.example --roles member`,
  columns: [
    ['id', 'id'],
    ['organisation', 'organization.name'],
    ['email', 'email'],
    ['roles', 'roles'],
    ['state', 'state'],
    ['expires', 'expires_at'],
  ],
  verbs: {
    list: {
      line: 'GET /v1/invitations',
      summary: 'newest first',
      flags: {
        organization: { means: 'into this organisation', name: 'organization_id' },
        state: { means: 'open, accepted, revoked, expired or all' },
        ...paging,
      },
    },
    show: { line: 'GET /v1/invitations/{id}', summary: 'one of them' },
    create: {
      line: 'POST /v1/invitations',
      summary: 'send one',
      flags: {
        organization: { means: 'into which organisation', name: 'organization_id', isRequired: true },
        email: { means: 'whom', isRequired: true },
        roles: { means: 'as what, with commas between', kind: 'list', isRequired: true },
        application: { means: 'the app they are led to', name: 'application_id' },
      },
    },
    resend: { line: 'POST /v1/invitations/{id}/deliveries', summary: 'send the mail again' },
    delete: { line: 'DELETE /v1/invitations/{id}', summary: 'revoke it' },
  },
}

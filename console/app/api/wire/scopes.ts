/** What staff and machine tokens may do, in the server's words; `GET /v1/overview` tells which of them the reader has. */
export const scopes = {
  'overview:read': 'See what is wrong, figures and statistics',
  'users:read': 'See people, their sessions and history',
  'users:write': 'Make, change, block and delete people',
  'users:impersonate': 'Act as a person, for a time and with a reason',
  'sessions:read': 'See everybody’s sessions and why they ended',
  'sessions:write': 'End sessions',
  'organizations:read': 'See organisations, members and invitations',
  'organizations:write': 'Make and change organisations, members and invitations',
  'applications:read': 'See applications',
  'applications:write': 'Make and change applications and their keys',
  'providers:read': 'See identity providers, what is held of them, readiness and fail-over sign-ins',
  'providers:write': 'Make, test and change identity providers, force or forbid the fall-back',
  'tokens:read': 'See machine tokens',
  'tokens:write': 'Make and revoke machine tokens',
  'flags:read': 'See flags, segments, their history and who answers by them',
  'flags:evaluate': 'Ask flags for their answers',
  'flags:write': 'Make, change, roll out, archive and delete flags and segments',
  'flags:kill': 'Switch a flag off for everybody, or give everybody one variant',
  'flags:restore': 'Put flags back to an instant, say which state is the truth, rotate the key that signs them',
  'audit:read': 'Read and export the audit',
  'settings:read': 'See settings, staff and backups',
  'settings:write': 'Change staff, print break-glass codes, rotate signing keys',
} as const
export type Scope = keyof typeof scopes
export const allScopes = Object.keys(scopes) as Scope[]

export const staffRoles = ['administrator', 'support', 'product'] as const
export type StaffRole = (typeof staffRoles)[number]
export const isStaffRole = (text: string): text is StaffRole => staffRoles.some((role) => role === text)

import type { EntryRow } from './queries.ts'

type Facts = Record<string, unknown>

const text = (value: unknown, otherwise: string) => (typeof value === 'string' && value ? value : otherwise)
const because = (facts: Facts) => (typeof facts.reason === 'string' ? `: ${facts.reason.replaceAll('_', ' ')}` : '')

/** What each action is for people, said of whoever did it. An action that is not here is shown as it is. */
const sentences: Record<string, (facts: Facts) => string> = {
  'sign-in.succeeded': ({ method }) => `Signed in${typeof method === 'string' ? ` by ${method}` : ''}`,
  'sign-in.failed': (facts) => `A sign-in failed${because(facts)}`,
  'session.ended': (facts) => `Ended a session${because(facts)}`,
  'sessions.ended': (facts) => `Ended sessions${because(facts)}`,
  'session.organization-switched': () => 'Went on in another organisation',
  'impersonation.requested': () => 'Asked to act as a person',
  'impersonation.started': () => 'Began to act as a person',
  'impersonation.ended': () => 'Stopped acting as a person',
  'user.created': () => 'Made an account',
  'user.changed': () => 'Changed an account',
  'user.profile-changed': () => 'Changed their profile',
  'user.blocked': (facts) => `Blocked an account${because(facts)}`,
  'user.unblocked': () => 'Let a blocked account in again',
  'user.exported': () => 'Exported what is held about a person',
  'user.deletion-requested': () => 'Asked for an account to be deleted',
  'user.deletion-undone': () => 'Undid the deletion of an account',
  'user.deleted': () => 'Deleted an account for good',
  'user.email-change-requested': () => 'Asked for another e-mail address',
  'user.email-changed': () => 'Changed an e-mail address',
  'user.email-change-undone': () => 'Took back a change of e-mail address',
  'organization.created': () => 'Made an organisation',
  'organization.changed': () => 'Changed an organisation',
  'organization.deletion-started': () => 'Began to delete an organisation',
  'organization.deletion-undone': () => 'Undid the deletion of an organisation',
  'organization.purged': () => 'Deleted an organisation for good',
  'membership.created': () => 'Made somebody a member',
  'membership.roles-changed': () => 'Changed the roles of a member',
  'membership.deleted': () => 'Removed a member',
  'invitation.created': () => 'Invited somebody',
  'invitation.sent-again': () => 'Sent an invitation again',
  'invitation.revoked': () => 'Revoked an invitation',
  'invitation.accepted': () => 'Accepted an invitation',
  'application.created': () => 'Registered an application',
  'application.changed': () => 'Changed an application',
  'application.key_rotated': () => 'Gave an application a new key',
  'application.deleted': () => 'Deleted an application',
  'token.created': () => 'Made a machine token',
  'token.revoked': () => 'Revoked a machine token',
  'administrator.granted': () => 'Became an administrator',
  'staff.added': ({ role }) => `Gave somebody the role ${text(role, 'of staff')}`,
  'staff.role_changed': ({ role }) => `Gave somebody the role ${text(role, 'of staff')}`,
  'staff.removed': () => 'Took somebody off the staff',
  'break_glass_codes.printed': () => 'Printed break-glass codes',
  'break_glass_codes.used': () => 'Used a break-glass code',
  'recovery_codes.made': () => 'Made recovery codes',
  'passkey.enrolled': () => 'Enrolled a passkey',
  'passkey.renamed': () => 'Renamed a passkey',
  'passkey.removed': () => 'Removed a passkey',
  'passkey.copied': () => 'Showed a passkey that may have been copied',
  'identity.linked': () => 'Linked who they are at a provider',
  'identity.unlinked': () => 'Removed a linked identity',
  'identity.closed': () => 'Closed a linked identity for outages',
  'identity.reopened': () => 'Opened a linked identity again',
  'signing-key.rotated': () => 'Rotated the signing key',
  'audit.exported': ({ format }) => `Exported the audit as ${text(format, 'a file')}`,
  'audit.retained': ({ entries }) => `Deleted ${Number(entries ?? 0)} audit entries that were past their retention`,
}

export const sentenceOf = ({ action, facts }: Pick<EntryRow, 'action' | 'facts'>): string =>
  sentences[action]?.(facts) ?? action

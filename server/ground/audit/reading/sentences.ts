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
  'user.created': () => 'Made an account',
  'user.changed': () => 'Changed an account',
  'user.profile-changed': () => 'Changed their profile',
  'administrator.granted': () => 'Became an administrator',
  'signing-key.rotated': () => 'Rotated the signing key',
  'audit.exported': ({ format }) => `Exported the audit as ${text(format, 'a file')}`,
  'audit.retained': ({ entries }) => `Deleted ${Number(entries ?? 0)} audit entries that were past their retention`,
}

export const sentenceOf = ({ action, facts }: Pick<EntryRow, 'action' | 'facts'>): string =>
  sentences[action]?.(facts) ?? action

export const actionsTold: readonly string[] = Object.keys(sentences)

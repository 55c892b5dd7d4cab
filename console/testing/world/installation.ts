import type { Backups, CodeSet, Setting, StaffMember } from '../../app/api/wire/installation.ts'
import type { User } from '../../app/api/wire.ts'
import { type Ago, DAY_MS, HOUR_MS } from './ids.ts'

export function makeStaff(users: readonly User[], ago: Ago): { staff: StaffMember[]; codeSets: CodeSet[] } {
  const member = (index: number, role: StaffMember['role'], days: number): StaffMember => ({
    user: personOf(users[index]!),
    role,
    created_at: ago(days * DAY_MS),
    created_by: index === 0 ? null : users[0]!.id,
  })
  const staff = [member(0, 'administrator', 90), member(2, 'administrator', 41), member(4, 'support', 12)]
  return {
    staff,
    codeSets: [
      { user: staff[0]!.user, printed_at: ago(30 * DAY_MS), left: 7 },
      { user: staff[1]!.user, printed_at: null, left: 0 },
    ],
  }
}

export function personOf({ id, email, name }: User): { id: string; email: string | null; name: string | null } {
  return { id, email, name }
}

export function makeBackups(ago: Ago): Backups {
  return {
    schedule: '24 h',
    target: 's3://acme-holdfast-backups/production',
    last: {
      at: ago(9 * HOUR_MS),
      archive: 'holdfast-production-20261121T023000Z.tar.age',
      size: 318_767_104,
      age_s: (9 * HOUR_MS) / 1000,
      took_s: 41.3,
    },
    proved: {
      at: ago(33 * HOUR_MS),
      archive: 'holdfast-production-20261120T023000Z.tar.age',
      recovery_point: '36 min',
      recovery_time_s: 47.2,
    },
    problems: [],
  }
}

const setting = (variable: string, value: string | null, from: string, means: string): Setting => ({
  variable,
  value,
  from,
  means,
})

export const settings: readonly Setting[] = [
  setting('HOLDFAST_ENV', 'production', 'environment', 'Stamped on every store; a store of another one is refused.'),
  setting('HOLDFAST_URL', 'https://id.acme.test', 'environment', 'Where people and applications reach access.'),
  setting('HOLDFAST_PORT', '4000', 'default', 'Where access listens.'),
  setting('HOLDFAST_DATA', '/var/lib/holdfast', 'environment', 'The folder of keys, revocations and last known good.'),
  setting('HOLDFAST_DATABASE_URL', 'set, not shown', 'environment', 'PostgreSQL, as a role that owns nothing.'),
  setting('HOLDFAST_DATABASE_OWNER_URL', null, 'default', 'The role that owns the tables, for migrations only.'),
  setting('HOLDFAST_MAIL_A', 'smtp://smtp.acme.test:587', 'environment', 'The first way out for mail.'),
  setting(
    'HOLDFAST_MAIL_B',
    'smtp://smtp.backup.test:587',
    'environment',
    'The second, when the first does not answer.',
  ),
  setting('HOLDFAST_MAIL_FROM', 'Acme <id@acme.test>', 'environment', 'Whom mails come from.'),
  setting('HOLDFAST_SESSION_IDLE_DAYS', '14', 'default', 'A session that is not used for so long ends.'),
  setting('HOLDFAST_SESSION_LIFE_DAYS', '30', 'default', 'No session lives longer.'),
  setting('HOLDFAST_AUDIT_KEPT_DAYS', '400', 'default', 'Audit entries are kept for so long.'),
  setting('HOLDFAST_BACKUP_TARGET', 's3://acme-holdfast-backups/production', 'environment', 'Where backups go.'),
  setting('HOLDFAST_BACKUP_SCHEDULE', '02:30', 'environment', 'When a backup is made every day, UTC.'),
  setting('HOLDFAST_LOG_LEVEL', 'info', 'default', 'How much is logged.'),
]

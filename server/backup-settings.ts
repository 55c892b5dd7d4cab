import { isAbsolute, resolve } from 'node:path'
import { DAY_MS, duration, MINUTE_MS, matching } from './parse-setting.ts'
import { isLoopbackOrigin } from './platform/loopback.ts'

/** What `server/config.ts` reads for backups: a table of its own, because it is a subject of its own. */
export interface BackupConfig {
  target: string | null
  s3: { endpoint: string | null; region: string; keyId: string | null; secret: string | null }
  /** The public half of the recovery key; null: the one that `holdfast backup init` keeps in the database. */
  recipient: string | null
  /** `leave`: the secret file is kept elsewhere and is no part of the archive. */
  secret: 'include' | 'leave'
  everyMs: number | null
  keep: number
}

const KEEP_MAX = 1000

const whole = (min: number, max: number) => (text: string) => {
  const number = Number(text)
  if (!/^\d{1,6}$/.test(text) || number < min || number > max) throw `a whole number from ${min} to ${max}`
  return number
}

const S3_TARGET = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9._-]+)*\/?$/

function target(text: string): string {
  if (!text.startsWith('s3:')) return isAbsolute(text) ? text : resolve(text)
  if (!S3_TARGET.test(text)) throw 'a folder, or s3://bucket/prefix'
  return text.replace(/\/$/, '')
}

/** What is stored is encrypted and signed; the key that signs requests must still not be led to somebody else. */
function endpoint(text: string): string {
  const url = URL.parse(text)
  const isPlain = url && url.pathname === '/' && !url.search && !url.hash && !url.username
  if (!isPlain || !/^https?:$/.test(url.protocol)) throw 'an origin such as https://s3.eu-central-1.amazonaws.com'
  if (url.protocol === 'http:' && !isLoopbackOrigin(url.origin)) throw 'https, unless its host is loopback'
  return url.origin
}

const text = (value: string) => value
const always = (value: string | null) => () => value

export const backupSettings = {
  HOLDFAST_BACKUP_TARGET: {
    means: 'where backups go: a folder, or s3://bucket/prefix',
    default: always(null),
    parse: target,
  },
  HOLDFAST_BACKUP_S3_ENDPOINT: {
    means: 'origin of the S3-compatible store; unset: Amazon’s of the region',
    default: always(null),
    parse: endpoint,
  },
  HOLDFAST_BACKUP_S3_REGION: {
    means: 'region of the bucket',
    default: always('us-east-1'),
    parse: matching(/^[a-z0-9-]{1,40}$/, 'a region such as eu-central-1'),
  },
  HOLDFAST_BACKUP_S3_KEY_ID: { means: 'access key id of the store', default: always(null), parse: text },
  HOLDFAST_BACKUP_S3_SECRET: {
    means: 'secret access key of the store',
    default: always(null),
    parse: text,
    secret: 'password' as const,
  },
  HOLDFAST_BACKUP_RECIPIENT: {
    means: 'public half of the recovery key; unset: the one that “holdfast backup init” has made',
    default: always(null),
    parse: matching(/^age1[02-9ac-hj-np-z]{58}$/, 'an age recipient, age1…, as “holdfast backup init” prints it'),
  },
  HOLDFAST_BACKUP_SECRET: {
    means: 'whether the secret file is part of a backup',
    default: always('include'),
    parse: matching(/^(include|leave)$/, 'include or leave'),
  },
  HOLDFAST_BACKUP_EVERY: {
    means: 'how often access makes a backup by itself; unset: never',
    default: always(null),
    parse: duration(5 * MINUTE_MS, 400 * DAY_MS),
  },
  HOLDFAST_BACKUP_KEEP: {
    means: 'how many backups are kept in the target; the oldest go',
    default: always('14'),
    parse: whole(1, KEEP_MAX),
  },
}

export function assembleBackup(get: <T>(variable: keyof typeof backupSettings) => T): BackupConfig {
  return {
    target: get('HOLDFAST_BACKUP_TARGET'),
    s3: {
      endpoint: get('HOLDFAST_BACKUP_S3_ENDPOINT'),
      region: get('HOLDFAST_BACKUP_S3_REGION'),
      keyId: get('HOLDFAST_BACKUP_S3_KEY_ID'),
      secret: get('HOLDFAST_BACKUP_S3_SECRET'),
    },
    recipient: get('HOLDFAST_BACKUP_RECIPIENT'),
    secret: get('HOLDFAST_BACKUP_SECRET'),
    everyMs: get('HOLDFAST_BACKUP_EVERY'),
    keep: get('HOLDFAST_BACKUP_KEEP'),
  }
}

export const backupRules = [
  {
    of: ['HOLDFAST_BACKUP_EVERY', 'HOLDFAST_BACKUP_TARGET'] as const,
    complain: ({ backup }: { backup: BackupConfig }) =>
      backup.everyMs !== null && backup.target === null
        ? 'HOLDFAST_BACKUP_TARGET must be set when HOLDFAST_BACKUP_EVERY is: a backup has to go somewhere.'
        : undefined,
  },
  {
    of: ['HOLDFAST_BACKUP_TARGET', 'HOLDFAST_BACKUP_S3_KEY_ID', 'HOLDFAST_BACKUP_S3_SECRET'] as const,
    complain: ({ backup }: { backup: BackupConfig }) =>
      backup.target?.startsWith('s3:') && !(backup.s3.keyId && backup.s3.secret)
        ? 'HOLDFAST_BACKUP_S3_KEY_ID and HOLDFAST_BACKUP_S3_SECRET must be set when HOLDFAST_BACKUP_TARGET is s3://….'
        : undefined,
  },
]

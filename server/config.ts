import { resolve } from 'node:path'
import { assembleBackup, type BackupConfig, backupRules, backupSettings } from './backup-settings.ts'
import {
  address,
  cacheUrl,
  DAY_MS,
  databaseUrl,
  duration,
  hostOf,
  mailbox,
  mailRate,
  MINUTE_MS,
  masked,
  matching,
  networks,
  port,
  processes,
  publicOrigin,
  retention,
  smtpUrls,
  unknownAmong,
} from './parse-setting.ts'
import { assembleProviders, type ProviderConfig, providerRules, providerSettings } from './provider-settings.ts'
import { databasePathOf } from './platform/database/hosts.ts'
import { maskedCacheUrl } from './platform/cache/index.ts'
import { isLoopbackOrigin } from './platform/loopback.ts'

/**
 * Every setting, its default and its reason. The only reader of the environment: an unknown `HOLDFAST_*` variable or a
 * value that cannot work stops the start, and all problems are told at once.
 */
export interface Config {
  environment: string
  data: string
  accessPort: number
  accessProcesses: number
  watchPort: number
  demoPort: number
  mailPort: number
  url: string
  relyingPartyId: string
  databaseUrl: string | null
  databaseOwnerUrl: string | null
  /** A cache; every part of Holdfast does without. */
  valkeyUrl: string | null
  smtpUrls: string[]
  mailFrom: string
  /** Mails of sign-in a second. */
  mailRate: number
  secretFile: string
  bind: string
  trustedProxies: string[]
  logLevel: string
  signUp: 'open' | 'closed'
  sessionIdleMs: number
  sessionLifeMs: number
  sessionRetentionMs: number
  impersonationMail: 'on' | 'off'
  backup: BackupConfig
  providers: ProviderConfig
  deletionGraceMs: number
  auditRetentionMs: number
  auditAddressesKeptMs: number
  signalRetentionMs: number
}

/** What is in force, and where it comes from. */
export interface Origin {
  variable: string
  /** Passwords masked; folders as they are after all. */
  value: string
  from: 'default' | 'environment'
  means: string
}

/** Ends the start with exit code 2; one line a problem. */
export class ConfigRefused extends Error {
  override name = 'ConfigRefused'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

interface Setting {
  means: string
  /** As text, as if it had been set; null: nothing. May depend on what was read before it. */
  default(read: Read): string | null
  /** How the default is documented where it depends on another setting. */
  usually?: string
  /** Throws a text that says what would work. */
  parse(text: string): unknown
  /** Printed without its password. */
  secret?: 'password'
  /** How, where it is not one URL or several. */
  mask?(text: string): string
}
type Read = (variable: string) => string

const always = (value: string | null) => () => value

const settings = {
  HOLDFAST_ENVIRONMENT: {
    means: 'name of this installation’s environment; stamped on every store',
    default: always('development'),
    parse: matching(/^[a-z][a-z0-9-]{0,30}$/, 'small letters, digits and dashes, at most 31, beginning with a letter'),
  },
  HOLDFAST_DATA: { means: 'data folder', default: always('.holdfast'), parse: (text) => resolve(text) },
  HOLDFAST_ACCESS_PORT: { means: 'port of access', default: always('4000'), parse: port },
  HOLDFAST_ACCESS_PROCESSES: {
    means: 'access processes on this machine, all on HOLDFAST_ACCESS_PORT; one for each core that access may use',
    default: always('1'),
    parse: processes,
  },
  HOLDFAST_WATCH_PORT: { means: 'port of the watch', default: always('4100'), parse: port },
  HOLDFAST_DEMO_PORT: { means: 'port of the demo app', default: always('4200'), parse: port },
  HOLDFAST_MAIL_PORT: { means: 'port of the development SMTP sink', default: always('4025'), parse: port },
  HOLDFAST_URL: {
    means: 'public origin of access',
    default: (read) => `http://localhost:${read('HOLDFAST_ACCESS_PORT')}`,
    parse: publicOrigin,
  },
  HOLDFAST_RP_ID: {
    means: 'passkey relying-party id; fixed at the first enrolment',
    default: (read) => hostOf(read('HOLDFAST_URL')),
    usually: 'the host of `HOLDFAST_URL`',
    parse: matching(/^[a-z0-9.[\]:-]{1,253}$/, 'a host name in small letters'),
  },
  HOLDFAST_DATABASE_URL: {
    means: 'PostgreSQL 15 or newer, one host or a primary and its replicas, comma-separated; unset: embedded',
    default: always(null),
    parse: databaseUrl,
    secret: 'password',
  },
  HOLDFAST_DATABASE_OWNER_URL: {
    means: 'role that migrates and owns the tables; unset: the same as HOLDFAST_DATABASE_URL',
    default: always(null),
    parse: databaseUrl,
    secret: 'password',
  },
  HOLDFAST_VALKEY_URL: {
    means: 'Valkey or Redis as a cache that may vanish: one server, sentinels or a cluster; unset: none',
    default: always(null),
    parse: cacheUrl,
    secret: 'password',
    mask: maskedCacheUrl,
  },
  HOLDFAST_SMTP_URLS: {
    means: 'mail servers, comma-separated: the first is A, the second B; unset: the development sink',
    default: always(null),
    parse: smtpUrls,
    secret: 'password',
  },
  HOLDFAST_MAIL_FROM: {
    means: 'sender of all mail',
    default: (read) => `Holdfast <no-reply@${hostOf(read('HOLDFAST_URL'))}>`,
    usually: '`Holdfast <no-reply@…>` at the host of `HOLDFAST_URL`',
    parse: mailbox,
  },
  HOLDFAST_MAIL_RATE: {
    means: 'mails of sign-in a second that the mail servers take for long; fifty times as many may go out at once',
    default: always('20'),
    parse: mailRate,
  },
  HOLDFAST_SECRET_FILE: {
    means: 'encrypts signing keys and keys the HMACs; shared by all access processes; part of every backup',
    default: (read) => `${read('HOLDFAST_DATA')}/secret.key`,
    usually: '`secret.key` in the data folder',
    parse: (text) => resolve(text),
  },
  HOLDFAST_BIND: { means: 'address to listen on', default: always('127.0.0.1'), parse: address },
  HOLDFAST_TRUSTED_PROXIES: {
    means: 'addresses or networks whose X-Forwarded-For is believed',
    default: always(''),
    parse: networks,
  },
  HOLDFAST_LOG_LEVEL: {
    means: 'least level that is logged',
    default: always('info'),
    parse: matching(/^(debug|info|warn|error|silent)$/, 'debug, info, warn, error or silent'),
  },
  HOLDFAST_SIGN_UP: {
    means: 'whether a first sign-in makes an account',
    default: (read) => (read('HOLDFAST_ENVIRONMENT') === 'development' ? 'open' : 'closed'),
    usually: '`open` in the environment `development`, otherwise `closed`',
    parse: matching(/^(open|closed)$/, 'open or closed'),
  },
  HOLDFAST_SESSION_IDLE: {
    means: 'a session not used for this long ends',
    default: always('14d'),
    parse: duration(5 * MINUTE_MS, 400 * DAY_MS),
  },
  HOLDFAST_SESSION_LIFE: {
    means: 'a session ends after this long at the latest',
    default: always('90d'),
    parse: duration(5 * MINUTE_MS, 400 * DAY_MS),
  },
  HOLDFAST_SESSION_RETENTION: {
    means: 'for how long an ended session is kept, so that “why was I signed out?” has an answer',
    default: always('90d'),
    parse: duration(DAY_MS, 4000 * DAY_MS),
  },
  HOLDFAST_IMPERSONATION_MAIL: {
    means: 'whether people are told by mail when support acts in their name',
    default: always('on'),
    parse: matching(/^(on|off)$/, 'on or off'),
  },
  HOLDFAST_DELETION_GRACE: {
    means: 'how long the deletion of a person or an organisation can be undone; afterwards it is final',
    default: always('30d'),
    parse: duration(5 * MINUTE_MS, 400 * DAY_MS),
  },
  HOLDFAST_AUDIT_RETENTION: {
    means: 'audit entries older than this are deleted, whole sealed batches at a time',
    default: always('400d'),
    parse: retention,
  },
  HOLDFAST_AUDIT_ADDRESSES_KEPT: {
    means: 'how long audit entries keep the address and the browser they came from',
    default: always('90d'),
    parse: retention,
  },
  HOLDFAST_SIGNAL_RETENTION: {
    means: 'signals older than this are deleted; statistics are kept longer, without people',
    default: always('90d'),
    parse: retention,
  },
  ...backupSettings,
  ...providerSettings,
} satisfies Record<string, Setting>
type Variable = keyof typeof settings

const table = Object.entries(settings) as [Variable, Setting][]

/** For the documentation: every setting, what it means, and what holds when it is not set. */
export function listSettings(): { variable: string; means: string; default: string | null }[] {
  const read: Read = (variable) => settings[variable as Variable].default(read) ?? ''
  return table.map(([variable, { means, usually, default: byDefault }]) => {
    const value = byDefault(read)
    return { variable, means, default: usually ?? (value ? `\`${value}\`` : null) }
  })
}

/** Reads all settings; throws `ConfigRefused` with every problem found. */
export function readConfig(environment: Record<string, string | undefined> = process.env): {
  config: Config
  origins: Origin[]
} {
  const problems = unknownAmong(environment, Object.keys(settings))
  const origins: Origin[] = []
  const values = new Map<Variable, unknown>()
  const texts = new Map<string, string>()
  const read: Read = (variable) => texts.get(variable) ?? ''

  for (const [variable, setting] of table) {
    const given = environment[variable] || undefined
    const text = given ?? setting.default(read)
    texts.set(variable, text ?? '')
    const value = text === null ? null : parsed(setting, text)
    values.set(variable, value)
    // A default that does not fit comes of another setting, whose own problem is told already.
    if (value instanceof Misfit && given !== undefined)
      problems.push(`${variable} must be ${value.expected}${value.is}.`)
    origins.push({
      variable,
      value: shown(setting, text ?? '', value),
      from: given === undefined ? 'default' : 'environment',
      means: setting.means,
    })
  }

  const config = assemble((variable) => values.get(variable))
  const isRead = (variable: Variable) => !(values.get(variable) instanceof Misfit)
  problems.push(...rules.filter((rule) => rule.of.every(isRead)).flatMap((rule) => rule.complain(config) ?? []))
  if (problems.length > 0) throw new ConfigRefused(problems)
  return { config, origins }
}

/**
 * What a child process is started with: this process's environment, unread, and on top of it what was settled here. The
 * child reads its settings as everybody does.
 */
export function childEnvironment(settled: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { ...process.env, ...settled }
}

/** As `childEnvironment`, and without any setting of ours: for a process of another installation. */
export function foreignEnvironment(settled: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('HOLDFAST_'))
  return { ...Object.fromEntries(others), ...settled }
}

class Misfit {
  readonly expected: string
  /** What it is instead; nothing where that may hold a secret. */
  readonly is: string
  constructor(expected: string, is: string) {
    this.expected = expected
    this.is = is
  }
}

function parsed(setting: Setting, text: string): unknown {
  try {
    return setting.parse(text)
  } catch (expected) {
    if (typeof expected !== 'string') throw expected
    const mayBeSecret = setting.secret !== undefined || /\/\/[^/?#\s]*@/.test(text)
    return new Misfit(expected, mayBeSecret ? '' : `; it is ${JSON.stringify(text)}`)
  }
}

function shown({ secret, mask = masked }: Setting, text: string, value: unknown): string {
  if (secret) return text && mask(text)
  // A folder is where it is after all; what is not text is as it was written.
  return typeof value === 'string' ? value : text
}

function assemble(value: (variable: Variable) => unknown): Config {
  const get = <T>(variable: Variable) => value(variable) as T
  return {
    environment: get('HOLDFAST_ENVIRONMENT'),
    data: get('HOLDFAST_DATA'),
    accessPort: get('HOLDFAST_ACCESS_PORT'),
    accessProcesses: get('HOLDFAST_ACCESS_PROCESSES'),
    watchPort: get('HOLDFAST_WATCH_PORT'),
    demoPort: get('HOLDFAST_DEMO_PORT'),
    mailPort: get('HOLDFAST_MAIL_PORT'),
    url: get('HOLDFAST_URL'),
    relyingPartyId: get('HOLDFAST_RP_ID'),
    databaseUrl: get('HOLDFAST_DATABASE_URL'),
    databaseOwnerUrl: get('HOLDFAST_DATABASE_OWNER_URL'),
    valkeyUrl: get('HOLDFAST_VALKEY_URL'),
    smtpUrls: get<string[] | null>('HOLDFAST_SMTP_URLS') ?? [],
    mailFrom: get('HOLDFAST_MAIL_FROM'),
    mailRate: get('HOLDFAST_MAIL_RATE'),
    secretFile: get('HOLDFAST_SECRET_FILE'),
    bind: get('HOLDFAST_BIND'),
    trustedProxies: get('HOLDFAST_TRUSTED_PROXIES'),
    logLevel: get('HOLDFAST_LOG_LEVEL'),
    signUp: get('HOLDFAST_SIGN_UP'),
    sessionIdleMs: get('HOLDFAST_SESSION_IDLE'),
    sessionLifeMs: get('HOLDFAST_SESSION_LIFE'),
    sessionRetentionMs: get('HOLDFAST_SESSION_RETENTION'),
    impersonationMail: get('HOLDFAST_IMPERSONATION_MAIL'),
    backup: assembleBackup(get),
    providers: assembleProviders(get),
    deletionGraceMs: get('HOLDFAST_DELETION_GRACE'),
    auditRetentionMs: get('HOLDFAST_AUDIT_RETENTION'),
    auditAddressesKeptMs: get('HOLDFAST_AUDIT_ADDRESSES_KEPT'),
    signalRetentionMs: get('HOLDFAST_SIGNAL_RETENTION'),
  }
}

interface Rule {
  /** Judged only when all of these could be read. */
  of: readonly Variable[]
  complain(config: Config): string | undefined
}

/** Settings that are good alone and cannot work together. */
const rules: readonly Rule[] = [
  {
    of: ['HOLDFAST_URL', 'HOLDFAST_SMTP_URLS'],
    complain: ({ url, smtpUrls: servers }) =>
      isLoopbackOrigin(url) || servers.length > 0
        ? undefined
        : `HOLDFAST_SMTP_URLS must be set when HOLDFAST_URL is not loopback (${url}): nobody could read the codes otherwise.`,
  },
  {
    of: ['HOLDFAST_URL', 'HOLDFAST_RP_ID'],
    complain: ({ url, relyingPartyId: id }) =>
      hostOf(url) === id || hostOf(url).endsWith(`.${id}`)
        ? undefined
        : `HOLDFAST_RP_ID must be the host of HOLDFAST_URL (${hostOf(url)}) or a domain that it is in.`,
  },
  {
    of: ['HOLDFAST_DATABASE_URL', 'HOLDFAST_DATABASE_OWNER_URL'],
    complain({ databaseUrl: own, databaseOwnerUrl: owner }) {
      if (!owner) return undefined
      if (!own)
        return 'HOLDFAST_DATABASE_URL must be set when HOLDFAST_DATABASE_OWNER_URL is: it names the role access runs as.'
      // By name alone: the owner may go past a pooler, and so to another host or port.
      return databasePathOf(own) === databasePathOf(owner)
        ? undefined
        : 'HOLDFAST_DATABASE_OWNER_URL and HOLDFAST_DATABASE_URL must name the same database.'
    },
  },
  {
    of: ['HOLDFAST_SESSION_IDLE', 'HOLDFAST_SESSION_LIFE'],
    complain: ({ sessionIdleMs, sessionLifeMs }) =>
      sessionIdleMs <= sessionLifeMs
        ? undefined
        : 'HOLDFAST_SESSION_IDLE must not be longer than HOLDFAST_SESSION_LIFE.',
  },
  ...backupRules,
  ...providerRules,
]

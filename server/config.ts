import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { isLoopbackOrigin } from './platform/loopback.ts'

/**
 * Every setting, its default and its reason. The only reader of the environment: an unknown `HOLDFAST_*` variable or a
 * value that cannot work stops the start, and all problems are told at once.
 */
export interface Config {
  environment: string
  data: string
  accessPort: number
  watchPort: number
  demoPort: number
  mailPort: number
  url: string
  relyingPartyId: string
  databaseUrl: string | null
  databaseOwnerUrl: string | null
  smtpUrls: string[]
  mailFrom: string
  secretFile: string
  bind: string
  trustedProxies: string[]
  logLevel: string
  signUp: 'open' | 'closed'
  sessionIdleMs: number
  sessionLifeMs: number
}

export interface Origin {
  variable: string
  value: string
  /** `default`, or the variable's own name. */
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
  /** Throws a sentence that says what would work. */
  parse(text: string): unknown
  /** `whole`: never printed. `password`: printed without its password. */
  secret?: 'password'
}
type Read = (variable: string) => string

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
const always = (value: string | null) => () => value

const settings = {
  HOLDFAST_ENVIRONMENT: {
    means: 'name of this installation’s environment; stamped on every store',
    default: always('development'),
    parse: matching(/^[a-z][a-z0-9-]{0,30}$/, 'small letters, digits and dashes, at most 31, beginning with a letter'),
  },
  HOLDFAST_DATA: { means: 'data folder', default: always('.holdfast'), parse: (text) => resolve(text) },
  HOLDFAST_ACCESS_PORT: { means: 'port of access', default: always('4000'), parse: port },
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
    parse: matching(/^[a-z0-9.-]{1,253}$/i, 'a host name'),
  },
  HOLDFAST_DATABASE_URL: {
    means: 'PostgreSQL 15 or newer; unset: embedded',
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
  HOLDFAST_SMTP_URLS: {
    means: 'mail servers, comma-separated: the first is A, the second B; unset: the development sink',
    default: always(null),
    parse: smtpUrls,
    secret: 'password',
  },
  HOLDFAST_MAIL_FROM: {
    means: 'sender of all mail',
    default: (read) => `Holdfast <no-reply@${hostOf(read('HOLDFAST_URL'))}>`,
    parse: matching(/^[^\r\n]{0,100}<?[^\s@<>]+@[^\s@<>]+>?$/, 'an address such as "Acme <no-reply@acme.example>"'),
  },
  HOLDFAST_SECRET_FILE: {
    means: 'encrypts signing keys and keys the HMACs; shared by all access processes; part of every backup',
    default: (read) => `${read('HOLDFAST_DATA')}/secret.key`,
    parse: (text) => resolve(text),
  },
  HOLDFAST_BIND: {
    means: 'address to listen on',
    default: always('127.0.0.1'),
    parse(text) {
      if (!isIP(text)) throw 'an IP address such as 127.0.0.1 or 0.0.0.0'
      return text
    },
  },
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
    parse: matching(/^(open|closed)$/, 'open or closed'),
  },
  HOLDFAST_SESSION_IDLE: {
    means: 'a session not used for this long ends',
    default: always('14d'),
    parse: duration(5 * 60_000, 400 * DAY_MS),
  },
  HOLDFAST_SESSION_LIFE: {
    means: 'a session ends after this long at the latest',
    default: always('90d'),
    parse: duration(5 * 60_000, 400 * DAY_MS),
  },
} satisfies Record<string, Setting>
type Variable = keyof typeof settings

/** Reads all settings; throws `ConfigRefused` with every problem found. */
export function readConfig(environment: Record<string, string | undefined> = process.env): {
  config: Config
  origins: Origin[]
} {
  const problems = unknownVariables(environment)
  const origins: Origin[] = []
  const values = new Map<string, unknown>()
  const texts = new Map<string, string>()
  const read: Read = (variable) => texts.get(variable) ?? ''

  for (const [variable, setting] of Object.entries(settings) as [Variable, Setting][]) {
    const given = environment[variable]
    const text = given !== undefined && given !== '' ? given : setting.default(read)
    texts.set(variable, text ?? '')
    values.set(variable, null)
    origins.push({
      variable,
      value: shown(text, setting.secret),
      from: given ? 'environment' : 'default',
      means: setting.means,
    })
    if (text === null) continue
    try {
      values.set(variable, setting.parse(text))
    } catch (expected) {
      if (typeof expected !== 'string') throw expected
      problems.push(`${variable} must be ${expected}; it is ${shown(JSON.stringify(text), setting.secret)}.`)
    }
  }

  const config = assemble(values)
  problems.push(...contradictions(config))
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

function assemble(values: Map<string, unknown>): Config {
  const get = <T>(variable: Variable) => values.get(variable) as T
  return {
    environment: get('HOLDFAST_ENVIRONMENT'),
    data: get('HOLDFAST_DATA'),
    accessPort: get('HOLDFAST_ACCESS_PORT'),
    watchPort: get('HOLDFAST_WATCH_PORT'),
    demoPort: get('HOLDFAST_DEMO_PORT'),
    mailPort: get('HOLDFAST_MAIL_PORT'),
    url: get('HOLDFAST_URL'),
    relyingPartyId: get('HOLDFAST_RP_ID'),
    databaseUrl: get('HOLDFAST_DATABASE_URL'),
    databaseOwnerUrl: get('HOLDFAST_DATABASE_OWNER_URL'),
    smtpUrls: get<string[] | null>('HOLDFAST_SMTP_URLS') ?? [],
    mailFrom: get('HOLDFAST_MAIL_FROM'),
    secretFile: get('HOLDFAST_SECRET_FILE'),
    bind: get('HOLDFAST_BIND'),
    trustedProxies: get('HOLDFAST_TRUSTED_PROXIES'),
    logLevel: get('HOLDFAST_LOG_LEVEL'),
    signUp: get('HOLDFAST_SIGN_UP'),
    sessionIdleMs: get('HOLDFAST_SESSION_IDLE'),
    sessionLifeMs: get('HOLDFAST_SESSION_LIFE'),
  }
}

function contradictions(config: Config): string[] {
  const problems: string[] = []
  if (config.url && !isLoopbackOrigin(config.url) && config.smtpUrls.length === 0) {
    problems.push(
      `HOLDFAST_SMTP_URLS must be set when HOLDFAST_URL is not loopback (${config.url}): nobody could read the codes otherwise.`,
    )
  }
  if (config.databaseOwnerUrl && !config.databaseUrl) {
    problems.push(
      'HOLDFAST_DATABASE_URL must be set when HOLDFAST_DATABASE_OWNER_URL is: it names the role access runs as.',
    )
  }
  if (config.sessionIdleMs > config.sessionLifeMs) {
    problems.push('HOLDFAST_SESSION_IDLE must not be longer than HOLDFAST_SESSION_LIFE.')
  }
  return problems
}

function unknownVariables(environment: Record<string, string | undefined>): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('HOLDFAST_') && !(name in settings))
    .map((name) => `${name} is not a setting of Holdfast${nearest(name)}. Unset it, or see "holdfast config".`)
}

function nearest(name: string): string {
  const known = Object.keys(settings).find((each) => each.startsWith(name.slice(0, 14)) || name.startsWith(each))
  return known ? ` (did you mean ${known}?)` : ''
}

/** Secrets never reach an error or a print-out: a URL loses its password. */
function shown(text: string | null, secret: Setting['secret']): string {
  if (text === null) return ''
  return secret === 'password' ? text.replace(/(\/\/[^:/@\s]*):[^@\s,]*@/g, '$1:•••@') : text
}

function matching(pattern: RegExp, expected: string) {
  return (text: string) => {
    if (!pattern.test(text)) throw expected
    return text
  }
}

function port(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < 1 || number > 65535) throw 'a port from 1 to 65535'
  return number
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw 'a URL'
  return new URL(text)
}

const hostOf = (text: string) => (URL.canParse(text) ? new URL(text).hostname : 'localhost')

function publicOrigin(text: string): string {
  const url = parseUrl(text)
  const isPlain = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  if (!isPlain || !/^https?:$/.test(url.protocol)) throw 'an origin such as https://login.acme.example, without a path'
  if (url.protocol === 'http:' && !isLoopbackOrigin(url.origin)) throw 'https, unless its host is loopback'
  return url.origin
}

function databaseUrl(text: string): string {
  const url = parseUrl(text)
  if (!/^postgres(ql)?:$/.test(url.protocol) || !url.hostname || url.pathname.length < 2) {
    throw 'a URL such as postgres://user:password@host:5432/holdfast'
  }
  return text
}

function smtpUrls(text: string): string[] {
  return text.split(',').map((each) => {
    const url = parseUrl(each.trim())
    if (!/^smtps?:$/.test(url.protocol) || !url.hostname)
      throw 'URLs such as smtp://user:password@host:587, comma-separated'
    return each.trim()
  })
}

function networks(text: string): string[] {
  const list = text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)
  for (const each of list) {
    const [address, bits, more] = each.split('/') as [string, string?, string?]
    const version = isIP(address)
    const bitsMax = version === 4 ? 32 : 128
    if (!version || more !== undefined || (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= bitsMax))) {
      throw 'addresses or networks such as 10.0.0.0/8, comma-separated'
    }
  }
  return list
}

function duration(minMs: number, maxMs: number) {
  const units: Record<string, number> = { m: 60_000, h: HOUR_MS, d: DAY_MS }
  return (text: string) => {
    const match = text.match(/^(\d{1,5})(m|h|d)$/)
    const ms = match ? Number(match[1]) * units[match[2]!]! : 0
    if (ms < minMs || ms > maxMs) throw 'a duration from 5m to 400d, such as 30m, 12h or 14d'
    return ms
  }
}

import { isIP } from 'node:net'
import { addressesOf, addressOf, HOSTS_MAX, hostsOf, TARGETS } from './platform/database/hosts.ts'
import { readCacheUrl } from './platform/cache/index.ts'
import { isLoopbackOrigin } from './platform/loopback.ts'

/**
 * How each kind of setting is read. What does not fit throws a text that completes the sentence "… must be …", and says
 * what would work; it never repeats what was given, which may hold a password.
 */

const HOUR_MS = 60 * 60 * 1000
export const DAY_MS = 24 * HOUR_MS
export const MINUTE_MS = 60_000

export function matching(pattern: RegExp, expected: string) {
  return (text: string): string => {
    if (!pattern.test(text)) throw expected
    return text
  }
}

export function port(text: string): number {
  const number = Number(text)
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > 65535) throw 'a port from 1 to 65535'
  return number
}

/** Below one a minute nobody could sign in; above ten thousand a second the limit says nothing. */
export function mailRate(text: string): number {
  const number = Number(text)
  if (!/^\d{1,5}(\.\d{1,2})?$/.test(text) || number < 0.02 || number > 10_000) throw 'a number from 0.02 to 10000'
  return number
}

/** More than any machine has cores for; each takes up to 15 connections to PostgreSQL. */
const PROCESSES_MAX = 64

export function processes(text: string): number {
  const count = Number(text)
  if (!/^\d{1,2}$/.test(text) || count < 1 || count > PROCESSES_MAX) throw `a number from 1 to ${PROCESSES_MAX}`
  return count
}

export function address(text: string): string {
  if (!isIP(text)) throw 'an IP address such as 127.0.0.1 or 0.0.0.0'
  return text
}

export const hostOf = (url: string) => URL.parse(url)?.hostname || 'localhost'

export function publicOrigin(text: string): string {
  const expected = 'an origin such as https://login.acme.example, without a path'
  const url = urlOf(text, expected)
  const isPlain = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
  if (!isPlain || !/^https?:$/.test(url.protocol)) throw expected
  if (url.protocol === 'http:' && !isLoopbackOrigin(url.origin)) throw 'https, unless its host is loopback'
  return url.origin
}

/** The others could lift the deadlines that access sets on each connection. */
const DATABASE_PARAMETERS = [
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslnegotiation',
  'uselibpqcompat',
  'target_session_attrs',
]

/** One host, or several as libpq has them: `postgres://user:password@one:5432,other:5432/holdfast`. */
export function databaseUrl(text: string): string {
  const hosts = hostsOf(text)
  for (const each of hosts) assertDatabaseUrl(each)
  if (hosts.length > HOSTS_MAX) throw `a URL of at most ${HOSTS_MAX} hosts`
  if (new Set(hosts.map(addressOf)).size < hosts.length) throw 'a URL that names each of its hosts once'
  return text
}

function assertDatabaseUrl(text: string): void {
  const expected = 'a URL such as postgres://user:password@host:5432/holdfast'
  const url = urlOf(text, expected)
  if (!/^postgres(ql)?:$/.test(url.protocol) || !url.hostname || !/^\/[^/]+$/.test(url.pathname)) throw expected
  if (!url.username) throw `${expected}; it names no user`
  if ([url.username, url.password, url.pathname].some((part) => !isDecodable(part))) {
    throw `${expected}; a percent sign in the user or the password is written %25`
  }
  if ([...url.searchParams.keys()].some((name) => !DATABASE_PARAMETERS.includes(name))) {
    throw `a URL whose parameters are among ${DATABASE_PARAMETERS.join(', ')}`
  }
  const target = url.searchParams.get('target_session_attrs')
  if (target !== null && !TARGETS.includes(target)) {
    throw `a URL whose target_session_attrs is ${TARGETS.join(' or ')}: access never asks a standby`
  }
}

/** Whether it can be reached is not asked: nobody waits for a cache. */
export function cacheUrl(text: string): string {
  readCacheUrl(text)
  return text
}

/** Comma-separated; a comma in a password is written `%2C`. */
export function smtpUrls(text: string): string[] {
  const expected = 'URLs such as smtp://user:password@host:587, comma-separated'
  return listOf(text).map((each) => {
    const url = urlOf(each, expected)
    if (!/^smtps?:$/.test(url.protocol) || !url.hostname) throw expected
    if (!isDecodable(url.username) || !isDecodable(url.password)) {
      throw `${expected}; a percent sign in the user or the password is written %25`
    }
    return each
  })
}

export function networks(text: string): string[] {
  const list = listOf(text)
  for (const each of list) {
    const [network, bits, more] = each.split('/') as [string, string?, string?]
    const bitsMax = isIP(network) === 4 ? 32 : 128
    const areBitsGood = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax)
    if (!isIP(network) || more !== undefined || !areBitsGood) {
      throw 'addresses or networks such as 10.0.0.0/8, comma-separated'
    }
    if (Number(bits) === 0) throw 'networks that somebody owns: with /0 any client could choose its own address'
  }
  return list
}

const ADDRESS = /^[^\s@<>",]+@[^\s@<>",]+$/
const NAMED_ADDRESS = /^[^\r\n<>"]{1,100} <([^<>]+)>$/

export function mailbox(text: string): string {
  const bare = text.match(NAMED_ADDRESS)?.[1] ?? text
  if (!ADDRESS.test(bare)) throw 'an address such as "Acme <no-reply@acme.example>"'
  return text
}

export function duration(minMs: number, maxMs: number) {
  const units: Record<string, number> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }
  return (text: string): number => {
    const [, count, unit] = text.match(/^(\d{1,5})(m|h|d)$/) ?? []
    const ms = count && unit ? Number(count) * units[unit]! : 0
    if (ms < minMs || ms > maxMs) throw 'a duration from 5m to 400d, such as 30m, 12h or 14d'
    return ms
  }
}

/** How long records are kept. */
export function retention(text: string): number {
  const days = Number(text.match(/^(\d{1,4})d$/)?.[1] ?? 0)
  if (days < 1 || days > 3650) throw 'a number of days from 1d to 3650d, such as 90d or 400d'
  return days * DAY_MS
}

function urlOf(text: string, expected: string): URL {
  const url = URL.parse(text)
  if (!url) throw expected
  return url
}

const listOf = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    // A percent sign that stands for no character: only whether it does is asked.
    return false
  }
}

const MASK = '•••'

/** A password never reaches a screen or an error; neither does a text that should be a URL with one, and is none. */
export function masked(text: string): string {
  const hosts = hostsOf(text).map((each) => URL.parse(each))
  // Several hosts of one database share all that is before and after them.
  if (hosts.length > 1) return hosts.every((url) => url?.hostname) ? shown(hosts[0]!, addressesOf(text)) : MASK
  return listOf(text)
    .map((each) => {
      const url = URL.parse(each)
      return url?.hostname ? shown(url, url.host) : MASK
    })
    .join(',')
}

function shown(url: URL, host: string): string {
  const user = url.username && `${url.username}${url.password ? `:${MASK}` : ''}@`
  return `${url.protocol}//${user}${host}${url.pathname === '/' ? '' : url.pathname}${url.search}`
}

/** The setting that was probably meant: a few strokes of a key away. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const strokesMax = Math.min(MISTYPED_MAX, Math.floor(name.replace(/^HOLDFAST_/, '').length / 3))
  const [best] = known
    .map((each) => ({ each, strokes: distance(name, each) }))
    .sort((one, other) => one.strokes - other.strokes)
  return best && best.strokes <= strokesMax ? best.each : undefined
}
const MISTYPED_MAX = 3

/** Levenshtein: insertions, deletions and replacements from one text to the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [at, character] of [...one].entries()) {
    const next = [at + 1]
    for (const [index, theirs] of [...other].entries()) {
      const replaced = row[index]! + (character === theirs ? 0 : 1)
      next.push(Math.min(replaced, row[index + 1]! + 1, next[index]! + 1))
    }
    row = next
  }
  return row.at(-1)!
}

/** Not of the server: what the command line goes by when it asks one. */
const OF_COMMAND_LINE = new Set(['HOLDFAST_TOKEN'])

/** What is said of each variable that looks like a setting and is none of these. */
export function unknownAmong(environment: Record<string, string | undefined>, known: readonly string[]): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('HOLDFAST_') && !known.includes(name) && !OF_COMMAND_LINE.has(name))
    .map((name) => {
      const meant = nearest(name, known)
      return `${name} is not a setting of Holdfast${meant ? ` (did you mean ${meant}?)` : ''}. Unset it, or see "holdfast config".`
    })
}

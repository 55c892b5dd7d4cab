import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'

/** Where Holdfast is, and as whom it is asked. */
export interface Connection {
  url: string
  token: string
}

export type FoundConnection = { outcome: 'ok'; connection: Connection } | { outcome: 'refused'; line: string }

const folder = () => join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'holdfast')
const file = () => join(folder(), 'profile.json')

/** From HOLDFAST_URL and HOLDFAST_TOKEN, else from what `holdfast login` has kept. Never one of each: a token knows its place. */
export function findConnection(): FoundConnection {
  const { HOLDFAST_URL: url, HOLDFAST_TOKEN: token } = env
  if (token) {
    if (!url) return refused('HOLDFAST_TOKEN is set and HOLDFAST_URL is not: set it to where Holdfast is.')
    return checked({ url, token })
  }
  const kept = readKept()
  if (!kept) {
    return refused(
      'it is not known which Holdfast is meant, and as whom: run "holdfast login --url https://…", or set HOLDFAST_URL and HOLDFAST_TOKEN.',
    )
  }
  return checked(kept)
}

/** A token in the clear belongs to whoever listens. */
export function checked({ url: text, token }: Connection): FoundConnection {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.pathname !== '/' || url.search || url.hash) {
    return refused(`"${text}" is no address of a Holdfast: give its origin, such as https://id.acme.example.`)
  }
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !isLoopback) {
    return refused(`${url.origin} is not https, and the token would be sent in the clear: use https.`)
  }
  if (!/^hf_[a-z][a-z0-9-]{0,30}_tok_[A-Za-z0-9_-]{43}$/.test(token)) {
    return refused('this is no machine token: one begins with hf_<environment>_tok_. Make one in the console.')
  }
  return { outcome: 'ok', connection: { url: url.origin, token } }
}

/** Readable by its owner only, and never half of one. */
export function keepConnection(connection: Connection): string {
  mkdirSync(folder(), { recursive: true, mode: 0o700 })
  const beside = `${file()}.${process.pid}.new`
  writeFileSync(beside, `${JSON.stringify(connection)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(beside, file())
  return file()
}

export function forgetConnection(): string {
  rmSync(file(), { force: true })
  return file()
}

function readKept(): Connection | undefined {
  try {
    const { url, token } = JSON.parse(readFileSync(file(), 'utf8')) as Partial<Connection>
    return typeof url === 'string' && typeof token === 'string' ? { url, token } : undefined
  } catch {
    // None, or one that nobody can read: in both cases a login is what helps.
    return undefined
  }
}

const refused = (line: string): FoundConnection => ({ outcome: 'refused', line })

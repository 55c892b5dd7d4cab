import { type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent, request as requestHttps } from 'node:https'
import { requireLoopback } from '../frame/loopback.ts'
import { cookieHeader, cookiesOf } from '../load/request.ts'
import { lookIn, OF_THE_DRILL } from './names-table.ts'

/** A sign-in has some ten redirects; more is a circle. */
const REDIRECTS_MAX = 16
/** A page of a sign-in has some ten kilobytes. */
const BODY_LENGTH_MAX = 512 * 1024

export interface Page {
  status: number
  /** Where it ended, after redirects. */
  url: URL
  body: string
  /** Its clock, as it says. */
  date: Date | null
}

/** A browser without eyes: cookies by host, redirects followed, certificates and names checked as any browser does. */
export interface Browser {
  open(url: URL, asked: Asked): Promise<Page>
  /** Cookies of a host, by name. */
  cookies(url: URL): Record<string, string>
  setCookie(url: URL, name: string, value: string): void
}

export interface Asked {
  method?: 'GET' | 'POST' | 'DELETE' | 'PUT'
  form?: Record<string, string>
  json?: unknown
  headers?: Record<string, string>
  /** Stops before this address is opened, and gives it back with status 0. */
  until?: (url: URL) => boolean
  /** A page that takes longer is left, as people do. */
  patienceMs?: number
  signal: AbortSignal
}

/** Longer than access gives a provider for its answer, so that people see what it says. */
const PATIENCE_MS = 12_000

export interface BrowserOptions {
  authority: string
  /** The table of names that the drill writes. */
  names: string
  /** Behind a load balancer that says from where people come. */
  address?: string
}

export function openBrowser({ authority, names, address }: BrowserOptions): Browser {
  const jars = new Map<string, Record<string, string>>()
  const jarOf = ({ host }: URL) => jars.getOrInsertComputed(host, () => ({}))
  // Nothing is kept: each person has a browser of their own, and what is broken meanwhile must be met.
  const agent = new Agent({ keepAlive: false, ca: authority })

  async function openOne(url: URL, asked: Asked): Promise<{ reply: IncomingMessage; body: string }> {
    const host = addressOf(url, names)
    const jar = jarOf(url)
    const content = contentOf(asked)
    const headers: Record<string, string> = {
      host: url.host,
      accept: asked.json === undefined ? 'text/html' : 'application/json',
      ...(Object.keys(jar).length > 0 && { cookie: cookieHeader(jar) }),
      ...(asked.method && asked.method !== 'GET' && { origin: url.origin }),
      ...(address && { 'x-forwarded-for': address }),
      ...content.headers,
      ...asked.headers,
    }
    const base = { host, port: url.port, path: url.pathname + url.search, method: asked.method ?? 'GET', headers }
    const isSecure = url.protocol === 'https:'
    const sent = isSecure
      ? requestHttps({ ...base, agent, servername: url.hostname, signal: asked.signal })
      : requestHttp({ ...base, agent: false, signal: asked.signal })
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    sent.on('response', resolve).on('error', reject)
    sent.end(content.body)
    const reply = await promise
    for (const [name, value] of cookiesOf(reply.headers['set-cookie'] ?? [])) {
      if (value === '') delete jar[name]
      else jar[name] = value
    }
    return { reply, body: await readBody(reply) }
  }

  return {
    cookies: (url) => ({ ...jarOf(url) }),
    setCookie(url, name, value) {
      jarOf(url)[name] = value
    },
    async open(url, { patienceMs = PATIENCE_MS, ...given }) {
      const asked = { ...given, signal: AbortSignal.any([given.signal, AbortSignal.timeout(patienceMs)]) }
      let next: { url: URL; asked: Asked } = { url, asked }
      for (let step = 0; step < REDIRECTS_MAX; step++) {
        const { reply, body } = await openOne(next.url, next.asked)
        const { location } = reply.headers
        const status = reply.statusCode!
        if (!location || status < 300 || status >= 400) return { status, url: next.url, body, date: dateOf(reply) }
        const to = new URL(location, next.url)
        if (asked.until?.(to)) return { status: 0, url: to, body: '', date: null }
        next = { url: to, asked: { signal: asked.signal } }
      }
      throw new Error(`More than ${REDIRECTS_MAX} redirects.`)
    },
  }
}

/** Names of the drill by its table; everything else has to be loopback by itself. */
function addressOf(url: URL, names: string): string {
  if (!OF_THE_DRILL.test(url.hostname)) return requireLoopback(url.href).hostname === '[::1]' ? '::1' : '127.0.0.1'
  const address = lookIn(names, url.hostname)
  if (!address) throw Object.assign(new Error(`${url.hostname} is not found`), { code: 'ENOTFOUND' })
  return address
}

function contentOf({ form, json }: Asked): { headers: Record<string, string>; body?: string } {
  if (form) {
    const body = new URLSearchParams(form).toString()
    return { headers: { 'content-type': 'application/x-www-form-urlencoded', ...lengthOf(body) }, body }
  }
  if (json === undefined) return { headers: {} }
  const body = JSON.stringify(json)
  return { headers: { 'content-type': 'application/json', ...lengthOf(body) }, body }
}

const dateOf = ({ headers }: IncomingMessage) => (headers.date ? new Date(headers.date) : null)

const lengthOf = (body: string) => ({ 'content-length': String(Buffer.byteLength(body)) })

async function readBody(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > BODY_LENGTH_MAX) throw new Error(`The answer is longer than ${BODY_LENGTH_MAX} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

import { readBody } from './read-body.ts'
import type { OnProblem } from './stamp.ts'

/** It cannot be known at this moment. Never the same as "there is none". */
export interface LockerUnknown {
  outcome: 'unknown'
  /** `access_unreachable`, `database_unavailable`, `overloaded`, or what access refuses us for. */
  code: string
}

export type LockerRead =
  | { outcome: 'filled'; content: string; expiresMs: number }
  /** Known: it was never filled, or has run out. */
  | { outcome: 'none' }
  /** Known: its owner has left. */
  | { outcome: 'emptied' }
  | LockerUnknown

export type LockerFilled =
  | { outcome: 'kept'; expiresMs: number }
  /** Something newer is there, and stays. */
  | { outcome: 'newer' }
  | { outcome: 'emptied' }
  /** It will not be taken tomorrow either. */
  | { outcome: 'refused'; code: string; detail: string }
  | LockerUnknown

export interface LockerFilling {
  content: string
  expiresInS: number
  /** How long ago this was to be written. */
  ageMs: number
}

export interface LockersOptions {
  url: string
  key: string
  fetch: typeof fetch
  timeoutMs: number
  onProblem: OnProblem
}

/** Under way at once. Beyond it access is too slow to be helped by more. */
const REQUESTS_MAX = 200
/** While it is away one question a second is put to it, and nobody waits for that one. */
const PROBE_EVERY_MS = 1_000
/** Sixteen KiB of content, each character escaped. */
const ANSWER_BYTES_MAX = 128 * 1024

/** A fault of one request says nothing about the next; these are said of all. */
const AWAY = new Set([502, 503, 504])

interface Asked {
  status: number
  body: Record<string, unknown>
}
type Method = 'GET' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * The way to an application's lockers, with a breaker of its own: after one answer did not come nobody waits, until a
 * look-up in the background was answered out of the database. Never throws for an outage.
 */
export class Lockers {
  readonly #options: LockersOptions
  readonly #closing = new AbortController()
  #underWay = 0
  /** Why nobody waits; undefined: it answers. */
  #away: LockerUnknown | undefined
  #probing: Promise<void> | undefined

  constructor(options: LockersOptions) {
    this.#options = options
  }

  get isAway(): boolean {
    return this.#away !== undefined
  }

  async read(key: string): Promise<LockerRead> {
    const asked = await this.#ask('GET', key)
    if ('outcome' in asked) return asked
    const { status, body } = asked
    if (status === 404 && body.code === 'lockers.not_found') return { outcome: 'none' }
    if (status === 410 && body.code === 'lockers.emptied') return { outcome: 'emptied' }
    const expiresMs = timeOf(body.expires_at)
    if (status === 200 && typeof body.content === 'string' && expiresMs !== undefined) {
      return { outcome: 'filled', content: body.content, expiresMs }
    }
    return this.#misunderstood(asked)
  }

  async fill(key: string, { content, expiresInS, ageMs }: LockerFilling): Promise<LockerFilled> {
    const asked = await this.#ask('PUT', key, { content, expires_in_s: expiresInS, age_ms: ageMs })
    if ('outcome' in asked) return asked
    const { status, body } = asked
    const expiresMs = timeOf(body.expires_at)
    if (status === 200 && body.outcome === 'newer') return { outcome: 'newer' }
    if (status === 200 && expiresMs !== undefined) return { outcome: 'kept', expiresMs }
    if (status === 410 && body.code === 'lockers.emptied') return { outcome: 'emptied' }
    const { code, detail } = body
    const isFinal = status === 413 || (status === 409 && code === 'lockers.full')
    if (isFinal) return { outcome: 'refused', code: String(code ?? 'lockers.too_large'), detail: String(detail ?? '') }
    return this.#misunderstood(asked)
  }

  /** When it runs out now; undefined when that cannot be said. */
  async touch(key: string, expiresInS: number): Promise<number | undefined> {
    const asked = await this.#ask('PATCH', key, { expires_in_s: expiresInS })
    return 'outcome' in asked ? undefined : timeOf(asked.body.expires_at)
  }

  async empty(key: string): Promise<{ outcome: 'emptied' } | LockerUnknown> {
    const asked = await this.#ask('DELETE', key)
    if ('outcome' in asked) return asked
    return asked.status === 204 ? { outcome: 'emptied' } : this.#misunderstood(asked)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('closed'))
    await this.#probing
  }

  async #ask(method: Method, key: string, body?: object): Promise<Asked | LockerUnknown> {
    if (this.#away) return this.#away
    if (this.#underWay >= REQUESTS_MAX || this.#closing.signal.aborted) return unknown('overloaded')
    this.#underWay += 1
    const asked = await this.#askOnce(method, key, body).finally(() => {
      this.#underWay -= 1
    })
    if ('outcome' in asked) this.#lose(asked, key)
    return asked
  }

  #lose(why: LockerUnknown, key: string): void {
    if (this.#away || this.#closing.signal.aborted) return
    this.#away = why
    this.#probing = this.#probe(key)
  }

  /** What is repeated is a reading of the very locker that went unanswered: it needs access and its database. */
  async #probe(key: string): Promise<void> {
    const { signal } = this.#closing
    while (this.#away && !signal.aborted) {
      await pause(PROBE_EVERY_MS, signal)
      if (signal.aborted) return
      const asked = await this.#askOnce('GET', key)
      this.#away = 'outcome' in asked ? asked : undefined
    }
  }

  async #askOnce(method: Method, key: string, body?: object): Promise<Asked | LockerUnknown> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#options.timeoutMs)])
    try {
      return await this.#send(signal, method, key, body)
    } catch {
      if (signal.aborted) return unknown('access_unreachable')
    }
    // A connection kept from before access was restarted fails at once. Each of these may be done twice.
    try {
      return await this.#send(signal, method, key, body)
    } catch {
      return unknown('access_unreachable')
    }
  }

  async #send(signal: AbortSignal, method: Method, key: string, body?: object): Promise<Asked | LockerUnknown> {
    const response = await this.#options.fetch(`${this.#options.url}/v1/lockers/${key}`, {
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        authorization: `Bearer ${this.#options.key}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal,
    })
    const text = (await readBody(response.body, ANSWER_BYTES_MAX))?.toString() ?? ''
    const { status } = response
    const said = parse(text)
    if (!AWAY.has(status)) return { status, body: said ?? {} }
    return unknown(said?.verdict === 'unknown' ? 'database_unavailable' : 'access_unreachable')
  }

  /** A gateway's answer, a wrong key, an access that knows no lockers yet: nothing is known by it. */
  #misunderstood({ status, body }: Asked): LockerUnknown {
    const { code, detail } = body
    const said = typeof code === 'string' ? `${status} ${code}: ${String(detail ?? '')}` : `HTTP ${status}`
    this.#options.onProblem(`Access did not say what a locker holds, but ${said.slice(0, 300)}`)
    return unknown(typeof code === 'string' ? code : 'access_unreachable')
  }
}

const unknown = (code: string): LockerUnknown => ({ outcome: 'unknown', code })

function timeOf(text: unknown): number | undefined {
  const ms = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    // A gateway's page: judged by its status.
    return undefined
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', done)
    resolve()
  }
  const timer = setTimeout(done, ms).unref()
  signal.addEventListener('abort', done)
  return promise
}

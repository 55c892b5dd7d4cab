import type { Session, SessionAnswer } from './contract.ts'
import type { OnProblem } from './stamp.ts'
import { readBody } from './read-body.ts'
import type { SignRequest } from './sign-request.ts'

/** "Is this browser signed in?", as it is put to access. */
export interface Question {
  /** Our cookies only. Undefined: nobody's session, just to see whether access answers. */
  cookie: string | undefined
  origin: string
  address: string
  /** Not to be answered from what access knew a while ago. */
  isFresh: boolean
}

export type LinkAnswer =
  | { outcome: 'answered'; answer: SessionAnswer; setCookies: string[] }
  /** Access did not answer in time, or not as access would. */
  | { outcome: 'away' }
  | { outcome: 'overloaded' }

export interface LinkOptions {
  url: string
  fetch: typeof fetch
  timeoutMs: number
  now(): number
  sign: SignRequest
  onProblem: OnProblem
  /** Access answers: for the first time, or again. */
  onBack(): void
}

/** Different questions under way at once. Beyond it access is too slow to be helped by more. */
const QUESTIONS_MAX = 100
/** While access is away one question a second is put to it, and nobody waits for that one. */
const PROBE_EVERY_MS = 1_000
const ANSWER_BYTES_MAX = 64 * 1024
const PATH = '/v1/session'

/**
 * The way to access, with a breaker: the same question is asked once at a time, and after one was not answered nobody
 * waits for access until it was seen to answer again. What is repeated to find out is the question that went
 * unanswered: an access that is well but for just that one is not well.
 */
export class AccessLink {
  readonly #options: LinkOptions
  readonly #underWay = new Map<string, Promise<LinkAnswer>>()
  readonly #closing = new AbortController()
  #sinceMs: number | undefined
  #isReachable: boolean | null = null
  #lost = new AbortController()
  #probing: Promise<void> | undefined
  #hurry: () => void = () => {}

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** Null until access was first spoken to. */
  get isReachable(): boolean | null {
    return this.#isReachable
  }

  /** When access was first seen to be as `isReachable` says; null before. */
  get sinceMs(): number | null {
    return this.#sinceMs ?? null
  }

  /** Aborted when access is seen to be away; a new one each time that it is back. */
  get lostSignal(): AbortSignal {
    return this.#lost.signal
  }

  /** Asks; does not wait when access is known to be away. Never throws. */
  async ask(question: Question): Promise<LinkAnswer> {
    const id = JSON.stringify(question)
    const same = this.#underWay.get(id)
    if (same) return same
    if (this.#isReachable === false || this.#closing.signal.aborted) return { outcome: 'away' }
    if (this.#underWay.size >= QUESTIONS_MAX) return { outcome: 'overloaded' }
    const asking = this.#askOnce(question).finally(() => this.#underWay.delete(id))
    this.#underWay.set(id, asking)
    const result = await asking
    if (result.outcome === 'away') this.#lose(question)
    else this.#find()
    return result
  }

  /** Somebody else had no answer from access: look now, and believe what is seen. */
  suspect(): void {
    if (this.#isReachable === false) this.#hurry()
    else void this.ask({ cookie: undefined, origin: this.#options.url, address: 'unknown', isFresh: false })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('closed'))
    this.#hurry()
    await this.#probing
    await Promise.allSettled(this.#underWay.values())
  }

  #find(): void {
    if (this.#isReachable) return
    this.#isReachable = true
    this.#lost = new AbortController()
    this.#sinceMs = this.#options.now()
    this.#options.onBack()
  }

  #lose(question: Question): void {
    if (this.#closing.signal.aborted || this.#isReachable === false) return
    this.#isReachable = false
    this.#sinceMs = this.#options.now()
    this.#lost.abort(new Error('access is away'))
    this.#probing = this.#probe(question)
  }

  async #probe(question: Question): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      await this.#pause()
      if (signal.aborted) return
      const { outcome } = await this.#askOnce(question)
      if (outcome !== 'away') return this.#find()
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PROBE_EVERY_MS).unref()
      this.#hurry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #askOnce(question: Question): Promise<LinkAnswer> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#options.timeoutMs)])
    try {
      return await this.#send(question, signal)
    } catch {
      if (signal.aborted) return { outcome: 'away' }
    }
    // A connection kept from before access was restarted fails at once, and says nothing about the new one.
    try {
      return await this.#send(question, signal)
    } catch {
      return { outcome: 'away' }
    }
  }

  async #send({ cookie, origin, address, isFresh }: Question, signal: AbortSignal): Promise<LinkAnswer> {
    const { url, sign } = this.#options
    const response = await this.#options.fetch(url + PATH, {
      headers: {
        accept: 'application/json, application/problem+json',
        ...(cookie !== undefined && { cookie, ...sign({ method: 'GET', path: PATH, origin, address }) }),
        ...(isFresh && { 'cache-control': 'no-cache' }),
      },
      redirect: 'manual',
      signal,
    })
    const body = await readBody(response.body, ANSWER_BYTES_MAX)
    const answer = body && readAnswer(response.status, body.toString())
    if (answer) return { outcome: 'answered', answer, setCookies: response.headers.getSetCookie() }
    this.#options.onProblem(complaintOf(response.status, body?.toString() ?? ''))
    return { outcome: 'away' }
  }
}

const statusOf = { valid: 200, invalid: 401, unknown: 503 }

/**
 * An answer of access, or undefined. A 401 without the verdict `invalid` is somebody else's: a gateway, a wrong key, a
 * clock that is off. It must not sign anybody out.
 */
function readAnswer(status: number, text: string): SessionAnswer | undefined {
  const said = parse(text)
  if (!said || said.verdict === undefined || statusOf[said.verdict] !== status) return undefined
  switch (said.verdict) {
    case 'valid':
      return isSession(said.session) && typeof said.age_ms === 'number'
        ? { verdict: 'valid', session: said.session, source: said.source, age_ms: said.age_ms }
        : undefined
    case 'invalid': {
      const { reason, source = null, age_ms = 0, ended_at, session_id } = said
      return typeof reason === 'string'
        ? { verdict: 'invalid', reason, source, age_ms, ended_at, session_id }
        : undefined
    }
    case 'unknown': {
      const { reason = 'database_unavailable', retry_after_s = 2 } = said
      return { verdict: 'unknown', reason, source: null, age_ms: null, retry_after_s }
    }
  }
}

function complaintOf(status: number, text: string): string {
  const { code, detail } = (parse(text) ?? {}) as { code?: unknown; detail?: unknown }
  const said = typeof code === 'string' ? `${status} ${code}: ${String(detail ?? '')}` : `HTTP ${status}`
  return `Access did not say whether anybody is signed in, but ${said.slice(0, 300)}`
}

function parse(text: string): (SessionAnswer & { verdict?: SessionAnswer['verdict'] }) | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as SessionAnswer) : undefined
  } catch {
    return undefined
  }
}

const isSession = (session: Partial<Session> | undefined): session is Session =>
  typeof session === 'object' &&
  session !== null &&
  typeof session.id === 'string' &&
  typeof session.user === 'object' &&
  session.user !== null &&
  typeof session.user.id === 'string' &&
  typeof session.authenticated_at === 'string'

/**
 * A double of access for the SDK's tests: a real HTTP server on loopback that speaks contract.ts, and nothing more. What
 * access itself does is tested in server/; whether the two agree, in integration.test.ts.
 */
import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { FlagsDouble } from './flags-double.ts'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  FORWARD_KEY_CONTEXT,
  forwardedMessage,
  headers,
  PROOF_LIFE_MS,
  type ProofClaims,
  type PublicKey,
  type Reason,
  REVOCATION_KEPT_MS,
  type RevocationEvent,
  SYNC_INTERVAL_MS,
  type SyncEvent,
} from '../contract.ts'

export const APPLICATION = 'app_test'
export const APPLICATION_KEY = `hf_test_app_${'k'.repeat(43)}`
export const INSTALLATION = 'ins_test'

export interface TestSession {
  id: string
  handle: string
  authenticatedMs: number
  ended?: { reason: Reason; at: string }
}

/** `up`; `database-away`: answers, and knows nobody by their handle; `silent`: takes connections and never answers. */
export type Mode = 'up' | 'database-away' | 'silent'

export interface SeenRequest {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

export interface SigningKey {
  public: PublicKey
  privateKey: KeyObject
}

export function makeKey(kid: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' }) as { x: string; y: string }
  return { public: { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' }, privateKey }
}

/** A compact JWS with any header and content, for good proofs and for bad ones. */
export function signJws(key: SigningKey, content: unknown, header: Record<string, unknown> = {}): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = { alg: 'ES256', typ: 'hf-session+jwt', kid: key.public.kid, ...header }
  const signed = `${encode(head)}.${encode(content)}`
  const signature = sign('sha256', Buffer.from(signed), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}

export function claimsAt(nowMs: number, overrides: Partial<ProofClaims> = {}): ProofClaims {
  const iat = Math.floor(nowMs / 1000)
  return {
    iss: 'https://id.acme.test',
    aud: APPLICATION,
    sub: 'usr_ana',
    sid: 'ses_1',
    org: null,
    iat,
    exp: iat + PROOF_LIFE_MS / 1000,
    auth_time: iat - 60,
    confirmed_at: iat,
    amr: ['otp'],
    acr: 'single',
    email: 'ana@acme.test',
    name: 'Ana',
    picture: null,
    ...overrides,
  }
}

export class AccessDouble {
  mode: Mode = 'up'
  installationId = INSTALLATION
  /** The audience of what it issues. */
  application = APPLICATION
  environment = 'test'
  /** What a whole answer to `GET /v1/session` is replaced by: a gateway's, a wrong key's. */
  instead: { status: number; type: string; body: string } | undefined
  keys = [makeKey('key_1')]
  /** Without a snapshot until one is published. */
  readonly flags = new FlagsDouble((event) => this.tell('flags', event))
  now: () => number = Date.now
  readonly seen: SeenRequest[] = []
  readonly sessions = new Map<string, TestSession>()
  readonly revocations: RevocationEvent[] = []
  readonly #readers = new Set<ServerResponse>()
  #server: Server | undefined
  #port = 0
  #next = 1
  #timer: NodeJS.Timeout | undefined

  static async open(): Promise<AccessDouble> {
    const double = new AccessDouble()
    await double.start()
    return double
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** On the same port as before, as a restarted access would be. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
    this.#timer = setInterval(() => this.#sync(), SYNC_INTERVAL_MS)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    const server = this.#server
    this.#server = undefined
    if (!server) return
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
    this.#readers.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  signIn(authenticatedMs = this.now()): TestSession {
    const session = { id: `ses_${this.#next++}`, handle: randomBytes(32).toString('base64url'), authenticatedMs }
    this.sessions.set(session.handle, session)
    return session
  }

  proofOf(session: TestSession, overrides: Partial<ProofClaims> = {}): string {
    return signJws(
      this.keys[0]!,
      claimsAt(this.now(), { iss: this.url, aud: this.application, sid: session.id, ...overrides }),
    )
  }

  revoke(session: TestSession, reason: Reason = 'revoked'): RevocationEvent {
    const at = new Date(this.now()).toISOString()
    session.ended = { reason, at }
    const forgetAt = new Date(this.now() + REVOCATION_KEPT_MS).toISOString()
    const event = { seq: this.revocations.length + 1, session_id: session.id, reason, at, forget_at: forgetAt }
    this.revocations.push(event)
    this.tell('revocation', event, event.seq)
    return event
  }

  /** Sends to all readers of the feed. */
  tell(event: string, data: unknown, id?: number): void {
    for (const reader of this.#readers) write(reader, event, data, id)
  }

  /** Requests to `/v1/session` that carried a cookie: look-ups, without the SDK's own probing. */
  lookUps(): SeenRequest[] {
    return this.seen.filter(
      ({ path, method, headers: sent }) => path === '/v1/session' && method === 'GET' && sent.cookie,
    )
  }

  #sync(): void {
    if (this.mode === 'silent') return
    this.tell('sync', this.#syncEvent())
    this.flags.announce()
  }

  #syncEvent(): SyncEvent {
    const { environment, installationId: installation_id } = this
    return { seq: this.revocations.length, at: new Date(this.now()).toISOString(), environment, installation_id }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url: path = '' } = request
    const body = Buffer.concat(chunks).toString()
    // The SDK asks for flags by itself: they keep their own count.
    if (!path.startsWith('/v1/flags/')) this.seen.push({ method, path, headers: request.headers, body })
    if (this.mode === 'silent') return
    if (path.startsWith('/v1/flags/')) {
      if (request.headers.authorization !== `Bearer ${APPLICATION_KEY}`) return send(response, 401, { detail: 'no' })
      return this.flags.answer({ path, headers: request.headers, body }, response)
    }
    if (path === '/v1/feed') return this.#startFeed(request, response)
    const problem = signatureProblem(request, this.now())
    if (problem) return send(response, 401, { code: 'applications.bad_signature', detail: problem })
    if (path === '/v1/session' && method === 'GET') return this.#answerSession(request, response)
    if (path === '/v1/session' && method === 'DELETE') return this.#signOut(request, response)
    if (path === '/.well-known/jwks.json') return send(response, 200, { keys: this.keys.map((key) => key.public) })
    if (path === '/assets/large.bin') {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(Buffer.alloc(5 * 1024 * 1024))
      return
    }
    if (path.startsWith('/sign-in/away')) {
      response.writeHead(303, { location: '/auth/sign-in', 'set-cookie': ['hf_browser=b; Path=/', 'other=o; Path=/'] })
      response.end()
      return
    }
    response.writeHead(200, { 'content-type': 'text/html', 'strict-transport-security': 'max-age=1' })
    response.end(`<h1>Sign in</h1>${body}`)
  }

  #answerSession(request: IncomingMessage, response: ServerResponse) {
    if (this.instead) {
      response.writeHead(this.instead.status, { 'content-type': this.instead.type }).end(this.instead.body)
      return
    }
    const handle = handleOf(request)
    if (handle === undefined) return send(response, 401, invalid('no_session'))
    if (this.mode === 'database-away') {
      return send(response, 503, { verdict: 'unknown', reason: 'database_unavailable', retry_after_s: 2 })
    }
    const session = this.sessions.get(handle)
    if (!session || session.ended) {
      response.setHeader('set-cookie', ['hf_session=; Path=/; Max-Age=0', 'hf_proof=; Path=/; Max-Age=0'])
      const { reason = 'not_found', at } = session?.ended ?? {}
      return send(response, 401, { ...invalid(reason as Reason), ended_at: at, session_id: session?.id })
    }
    response.setHeader('set-cookie', `hf_proof=${this.proofOf(session)}; Path=/; HttpOnly`)
    send(response, 200, {
      verdict: 'valid',
      session: { ...shapeOf(session), audience: this.application },
      source: 'database',
      age_ms: 0,
    })
  }

  #signOut(request: IncomingMessage, response: ServerResponse): void {
    const session = this.sessions.get(handleOf(request) ?? '')
    if (session && !session.ended) this.revoke(session, 'signed_out')
    response.setHeader('set-cookie', ['hf_session=; Path=/; Max-Age=0', 'hf_proof=; Path=/; Max-Age=0'])
    response.writeHead(204).end()
  }

  #startFeed(request: IncomingMessage, response: ServerResponse) {
    if (request.headers.authorization !== `Bearer ${APPLICATION_KEY}`) {
      return send(response, 401, {
        code: 'applications.key_unknown',
        detail: 'This application key is not known here.',
      })
    }
    const from = Number(request.headers['last-event-id'] ?? 0)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of this.revocations.filter(({ seq }) => seq > from))
      write(response, 'revocation', event, event.seq)
    write(response, 'keys', { keys: this.keys.map((key) => key.public) })
    write(response, 'sync', this.#syncEvent())
    if (this.flags.event) write(response, 'flags', this.flags.event)
    this.#readers.add(response)
    response.once('close', () => this.#readers.delete(response))
  }
}

const handleOf = (request: IncomingMessage) => /(?:^|; )hf_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]

const invalid = (reason: Reason) => ({ verdict: 'invalid', reason, source: 'database', age_ms: 0 })

const shapeOf = (session: TestSession) => ({
  id: session.id,
  user: { id: 'usr_ana', email: 'ana@acme.test', name: 'Ana', picture_url: null },
  organization_id: null,
  roles: [],
  impersonator: null,
  authenticated_at: new Date(session.authenticatedMs).toISOString(),
  expires_at: new Date(session.authenticatedMs + 86_400_000).toISOString(),
  amr: ['otp'],
  acr: 'single',
})

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function write(response: ServerResponse, event: string, data: unknown, id?: number): void {
  response.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

/** As access checks it; undefined for a good signature, and for a request without one. */
function signatureProblem(request: IncomingMessage, nowMs: number): string | undefined {
  const signature = request.headers[headers.signature]
  if (typeof signature !== 'string') return undefined
  const [, t, v1] = /^t=(\d+),v1=([\w-]{43})$/.exec(signature) ?? []
  const message = forwardedMessage({
    timestampMs: Number(t),
    application: String(request.headers[headers.application]),
    method: request.method ?? '',
    path: request.url ?? '',
    forwarded: String(request.headers[headers.forwarded]),
  })
  const key = createHash('sha256').update(FORWARD_KEY_CONTEXT).update(APPLICATION_KEY).digest()
  if (createHmac('sha256', key).update(message).digest('base64url') !== v1) return 'The signature is wrong.'
  return Math.abs(nowMs - Number(t)) > 60_000 ? 'The clocks differ.' : undefined
}

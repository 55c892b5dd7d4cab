import type { AccessLink } from './access-link.ts'
import { type BrowserRequest, clearingCookies, isSecure, ourCookies } from './browser-request.ts'
import { cookieName, cookies } from './contract.ts'
import { renderPage } from './page.ts'
import { readBody } from './read-body.ts'
import { renderAway, renderProblem, wantsPage } from './refusals.ts'
import { AUTH_PREFIX, type SignRequest } from './sign-request.ts'
import type { SignOutList } from './sign-outs.ts'

export interface ForwardParts {
  url: string
  fetch: typeof fetch
  sign: SignRequest
  access: AccessLink
  signOuts: SignOutList
  application(): string | null
  /** The session that the proof of this browser speaks of, if it is a good one. */
  sessionIdOf(request: BrowserRequest): string | undefined
}

export type RequestBody = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null

/** What a browser may reach through an app's own origin. Enrolment, the console and machine interfaces are not among it. */
const ALLOWED = [
  /^\/sign-in(?:\/[\w.~-]+)*$/,
  /^\/account(?:\/[\w.~-]+)*$/,
  /^\/sign-out$/,
  /^\/impersonate\/[\w-]+$/,
  /^\/impersonation\/end$/,
  /^\/invitation\/[\w.~-]+$/,
  /^\/v1\/session(?:\/refresh|\/organization)?$/,
  /^\/v1\/sessions(?:\/[\w.~-]+)?$/,
  /^\/v1\/(?:organizations|memberships|invitations)(?:\/[\w.~-]+){0,2}$/,
  /^\/v1\/sign-in(?:\/[\w.~-]+)+$/,
  /^\/assets(?:\/[\w.~-]+)+$/,
]
const PATH_LENGTH_MAX = 4096
/** What access itself accepts, and what its largest asset needs four times over. */
const REQUEST_BYTES_MAX = 64 * 1024
const RESPONSE_BYTES_MAX = 4 * 1024 * 1024
/** So long without an answer, and it is asked whether there is anybody. */
const SUSPECT_MS = 2_000
/** Access ends a request of its own after 15 s. */
const HEADERS_MS = 16_000
const BODY_MS = 30_000
/** A person who leaves does not wait so long: after this it is done here, and access is told later. */
const SIGN_OUT_MS = 4_000
/** 64 KiB in this time is 4 kB/s. */
const UPLOAD_MS = 15_000

/** What access is told of a browser. The rest, an app's own cookies among it, is none of its business. */
const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'idempotency-key',
  'if-modified-since',
  'if-none-match',
  'origin',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'user-agent',
]
/** RFC 9110 §7.6.1, what fetch has undone already, and what would bind the app's origin instead of access's. */
const DROPPED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-encoding',
  'content-length',
  'strict-transport-security',
  'alt-svc',
  'server',
  'date',
])

/** The path at access that a request below `/auth` means; undefined when it means nothing there. */
export function pathAtAccess(path: string): string | undefined {
  if (path !== AUTH_PREFIX && !path.startsWith(`${AUTH_PREFIX}/`)) return undefined
  return path.slice(AUTH_PREFIX.length) || '/'
}

/**
 * Hands a request below `/auth` on to access and its answer back, so that cookies are the app's own. Signed, bounded in
 * size and time. While access is away it says so at once, and honours a sign-out all the same.
 */
export async function forward(parts: ForwardParts, request: BrowserRequest, body: RequestBody): Promise<Response> {
  const asked = pathAtAccess(request.path) ?? '/'
  const [path = '/'] = asked.split('?', 1)
  // As fetch will spell it, because that is what access sees and what is signed.
  const target = path + new URL(asked, parts.url).search
  const isAllowed = target.length <= PATH_LENGTH_MAX && ALLOWED.some((allowed) => allowed.test(path))
  if (!isAllowed || /(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) {
    return renderProblem(404, 'auth.not_found', 'There is nothing at this address.')
  }
  if (parts.application() === null) return renderAway(request, parts.access.sinceMs)

  const bytes = await readUpload(body)
  if (bytes instanceof Response) return bytes
  const answer = parts.access.isReachable === false ? undefined : await send(parts, request, target, bytes)
  if (answer) return noteSignOut(parts, request, path, answer)
  return isSignOut(request, path) ? signOutHere(parts, request) : offline(parts, request, path)
}

async function readUpload(body: RequestBody): Promise<Buffer | Response> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), UPLOAD_MS)
  const bytes = await Promise.race([readBody(body, REQUEST_BYTES_MAX), late]).finally(() => clearTimeout(timer))
  const headers = { connection: 'close' }
  if (bytes === 'late') {
    return renderProblem(408, 'auth.too_slow', `A request here has ${UPLOAD_MS / 1000} s to arrive.`, { headers })
  }
  if (bytes) return bytes
  const detail = `A request here may have ${REQUEST_BYTES_MAX / 1024} KiB at most.`
  return renderProblem(413, 'auth.too_large', detail, { headers })
}

/** Undefined when access did not answer. */
async function send(
  parts: ForwardParts,
  request: BrowserRequest,
  path: string,
  bytes: Buffer,
): Promise<Response | undefined> {
  const { method, origin, address } = request
  const headers = new Headers(parts.sign({ method, path, origin, address }))
  for (const name of REQUEST_HEADERS) {
    const value = request.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  headers.set('accept-encoding', 'identity')
  const cookie = ourCookies(request)
  if (cookie !== undefined) headers.set('cookie', cookie)

  const deadline = new AbortController()
  const patienceMs = isSignOut(request, path.split('?', 1)[0] ?? '') ? SIGN_OUT_MS : HEADERS_MS
  const timers = [
    setTimeout(() => parts.access.suspect(), SUSPECT_MS),
    setTimeout(() => deadline.abort(new Error('access did not answer in time')), patienceMs),
  ]
  // What only reads is given up with access. What was sent may be under way there, and is waited for.
  const { lostSignal } = parts.access
  const giveUp = () => deadline.abort(lostSignal.reason)
  if (method === 'GET') lostSignal.addEventListener('abort', giveUp, { once: true })
  try {
    const response = await parts.fetch(parts.url + path, {
      method,
      headers,
      redirect: 'manual',
      signal: deadline.signal,
      ...(bytes.length > 0 && { body: bytes }),
    })
    // 502 and 504 are a gateway's in front of access, and tell the same as silence.
    if (response.status === 502 || response.status === 504) {
      await response.body?.cancel()
      parts.access.suspect()
      return undefined
    }
    return handBack(response, request, deadline)
  } catch {
    parts.access.suspect()
    return undefined
  } finally {
    for (const timer of timers) clearTimeout(timer)
    lostSignal.removeEventListener('abort', giveUp)
  }
}

function handBack(response: Response, request: BrowserRequest, deadline: AbortController): Response {
  const headers = new Headers()
  for (const [name, value] of response.headers) {
    if (!DROPPED.has(name) && name !== 'set-cookie') headers.append(name, value)
  }
  for (const cookie of response.headers.getSetCookie()) headers.append('set-cookie', cookie)
  const isEmpty = request.method === 'HEAD' || [204, 205, 304].includes(response.status)
  if (isEmpty || !response.body) return new Response(null, { status: response.status, headers })
  return new Response(response.body.pipeThrough(bounded(deadline)), { status: response.status, headers })
}

function bounded(deadline: AbortController): TransformStream<Uint8Array, Uint8Array> {
  let size = 0
  const timer = setTimeout(() => deadline.abort(new Error('the answer took too long')), BODY_MS).unref()
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength
      if (size <= RESPONSE_BYTES_MAX) return controller.enqueue(chunk)
      clearTimeout(timer)
      deadline.abort(new Error('the answer is too large'))
      controller.error(new Error(`holdfast: access answered with more than ${RESPONSE_BYTES_MAX} bytes`))
    },
    flush: () => clearTimeout(timer),
  })
}

const isSignOut = ({ method }: BrowserRequest, path: string) =>
  (method === 'POST' && path === '/sign-out') || (method === 'DELETE' && path === '/v1/session')

/** Access has carried it out: here too nobody waits for the feed to say so. */
async function noteSignOut(
  parts: ForwardParts,
  request: BrowserRequest,
  path: string,
  answer: Response,
): Promise<Response> {
  const handleCookie = cookieName(cookies.handle, isSecure(request))
  const hasCleared = answer.headers.getSetCookie().some((cookie) => cookie.startsWith(`${handleCookie}=;`))
  if (isSignOut(request, path) && answer.status < 400 && hasCleared) {
    await parts.signOuts.note(signOutOf(parts, request))
  }
  return answer
}

/**
 * The person's own wish does not wait for us (design §5): their cookies go at once, it is kept on disk, honoured here
 * from now on, and told to access as soon as it answers.
 */
async function signOutHere(parts: ForwardParts, request: BrowserRequest): Promise<Response> {
  const [origin, site] = [request.header('origin'), request.header('sec-fetch-site')]
  const isForeign = origin !== undefined && origin !== request.origin
  if (isForeign || (site !== undefined && site !== 'same-origin' && site !== 'none')) {
    return renderProblem(403, 'request.cross_site', 'This request came from another site and was not carried out.')
  }
  if (request.handle !== undefined || request.proof !== undefined) await parts.signOuts.add(signOutOf(parts, request))

  const response = wantsPage(request)
    ? renderPage(202, {
        title: 'You are signed out of this app',
        paragraphs: [
          'This browser holds no session any more.',
          'The server that keeps sessions is not answering at this moment. It is told as soon as it does; you need not do anything.',
        ],
        action: { label: 'Back to the app', href: '/' },
      })
    : new Response(null, { status: 202, headers: { 'cache-control': 'no-store' } })
  for (const cookie of clearingCookies(request)) response.headers.append('set-cookie', cookie)
  return response
}

function offline(parts: ForwardParts, request: BrowserRequest, path: string): Response {
  if (request.method !== 'GET' || path !== '/sign-out' || !wantsPage(request)) {
    return renderAway(request, parts.access.sinceMs)
  }
  return renderPage(200, {
    title: 'Sign out?',
    paragraphs: ['The server that keeps sessions is not answering, but you can sign out of this app all the same.'],
    action: { label: 'Sign out', post: `${AUTH_PREFIX}/sign-out` },
  })
}

function signOutOf(parts: ForwardParts, request: BrowserRequest) {
  return { handle: request.handle, sessionId: parts.sessionIdOf(request), origin: request.origin }
}

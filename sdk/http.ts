import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pathAtAccess } from './forward.ts'
import { refusalFor, type SignedIn } from './guard.ts'
import type { Holdfast } from './holdfast.ts'
import type { Verified, VerifyOptions } from './verify-session.ts'

/** How a route is protected. */
export interface ProtectOptions extends VerifyOptions {
  /** Instead of sending a browser to sign in: say why its session ended, for instance. */
  onInvalid?: (
    request: IncomingMessage,
    response: ServerResponse,
    answer: Verified & { verdict: 'invalid' },
  ) => void | Promise<void>
  /** Instead of the plain page that tries again by itself: one in the app's own look. Leave the cookies alone. */
  onUnknown?: (
    request: IncomingMessage,
    response: ServerResponse,
    answer: Verified & { verdict: 'unknown' },
  ) => void | Promise<void>
}

/** A listener that is only called for somebody who is signed in. */
export type SignedInListener = (
  request: IncomingMessage,
  response: ServerResponse,
  answer: SignedIn,
) => void | Promise<void>

/** What a plain node:http server needs. */
export interface NodeHandler {
  /** Answers a request below `/auth`, and says so; everything else it leaves alone. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Lets through who is signed in; sends `invalid` to sign in, and `unknown` to a page that tries again by itself. */
  protect(
    options: ProtectOptions,
    listener: SignedInListener,
  ): (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

/**
 * Joins Holdfast to a plain node:http server.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { createHandler, Holdfast } from '@holdfast/sdk'
 *
 * await using holdfast = new Holdfast({
 *   url: process.env.HOLDFAST_URL!,
 *   key: process.env.HOLDFAST_KEY!,
 *   dataDir: './holdfast-sdk',
 * })
 * const auth = createHandler(holdfast)
 * const home = auth.protect({}, (_request, response, answer) => {
 *   response.end(`Hello ${answer.session.user.name}`)
 * })
 *
 * const server = createServer(async (request, response) => {
 *   if (await auth.handle(request, response)) return
 *   await home(request, response)
 * })
 * server.close()
 * ```
 */
export function createHandler(holdfast: Holdfast): NodeHandler {
  return {
    async handle(request, response) {
      const browser = holdfast.read(request)
      if (pathAtAccess(browser.path) === undefined) return false
      assertUnread(request)
      const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
      await sendResponse(await holdfast.forward(browser, body), response)
      return true
    },
    protect: (options, listener) => async (request, response) => {
      const answer = await admit(holdfast, request, response, options)
      if (answer) await listener(request, response, answer)
    },
  }
}

/** The verdict of somebody who may pass; undefined when the request has been answered. */
export async function admit(
  holdfast: Holdfast,
  request: IncomingMessage,
  response: ServerResponse,
  options: ProtectOptions,
): Promise<SignedIn | undefined> {
  const browser = holdfast.read(request)
  const answer = await holdfast.verifyBrowser(browser, options)
  for (const cookie of answer.setCookies) response.appendHeader('set-cookie', cookie)
  // A cookie that a shared cache kept would sign the next reader in.
  if (answer.setCookies.length > 0) response.setHeader('cache-control', 'no-store')
  if (answer.verdict === 'invalid' && options.onInvalid) {
    await options.onInvalid(request, response, answer)
    return undefined
  }
  if (answer.verdict === 'unknown' && options.onUnknown) {
    await options.onUnknown(request, response, answer)
    return undefined
  }
  const refusal = refusalFor(browser, answer, options, holdfast.awaySinceMs)
  if (!refusal) return answer as SignedIn
  await sendResponse(refusal, response)
  return undefined
}

/** Writes a Fetch `Response` to a node:http response. */
export async function sendResponse(from: Response, to: ServerResponse): Promise<void> {
  to.statusCode = from.status
  for (const [name, value] of from.headers) {
    if (name === 'set-cookie') to.appendHeader(name, value)
    else to.setHeader(name, value)
  }
  if (!from.body) {
    to.end()
    return
  }
  // A browser that leaves, or an access that stops in the middle: the connection is cut, and nobody takes half for whole.
  await pipeline(Readable.fromWeb(from.body as Parameters<typeof Readable.fromWeb>[0]), to).catch(() => to.destroy())
}

function assertUnread(request: IncomingMessage): void {
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined
  if (!hasBody || !request.readableDidRead) return
  throw new Error(
    'holdfast: something has read the body of this request already. Let /auth be handled before body parsers.',
  )
}

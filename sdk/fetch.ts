import { pathAtAccess } from './forward.ts'
import { refusalFor, type SignedIn } from './guard.ts'
import type { Holdfast } from './holdfast.ts'
import type { VerifyOptions } from './verify-session.ts'

/** What a server that speaks Fetch (`Request` in, `Response` out) needs. */
export interface FetchHandler {
  /** The answer to a request below `/auth`; undefined for any other. */
  handle(request: Request): Promise<Response | undefined>
  /** Lets through who is signed in; sends `invalid` to sign in, and `unknown` to a page that tries again by itself. */
  protect(
    options: VerifyOptions,
    listener: (request: Request, answer: SignedIn) => Response | Promise<Response>,
  ): (request: Request) => Promise<Response>
}

export interface FetchHandlerOptions {
  /**
   * Where the browser is: a Fetch `Request` does not know. Without it access cannot slow down one client that guesses
   * codes without slowing down all of them.
   */
  address?: (request: Request) => string | undefined
}

/**
 * Joins Holdfast to Hono, Deno, Bun, Next.js, or whatever else speaks Fetch.
 *
 * @example
 * ```ts
 * import { createFetchHandler, Holdfast } from '@holdfast/sdk'
 *
 * await using holdfast = new Holdfast({
 *   url: process.env.HOLDFAST_URL!,
 *   key: process.env.HOLDFAST_KEY!,
 *   dataDir: './holdfast-sdk',
 *   origin: 'https://app.acme.example',
 * })
 * const auth = createFetchHandler(holdfast)
 * const home = auth.protect({}, (_request, answer) => new Response(`Hello ${answer.session.user.name}`))
 * const serve = async (request: Request) => (await auth.handle(request)) ?? home(request)
 *
 * const response = await serve(new Request('https://app.acme.example/'))
 * console.log(response.status) // 401, 303 for a browser, or 503 as long as nothing can be known
 * ```
 */
export function createFetchHandler(holdfast: Holdfast, options: FetchHandlerOptions = {}): FetchHandler {
  const read = (request: Request) => holdfast.read(request, options.address?.(request))
  return {
    async handle(request) {
      const browser = read(request)
      return pathAtAccess(browser.path) === undefined ? undefined : holdfast.forward(browser, request.body)
    },
    protect: (verifyOptions, listener) => async (request) => {
      const browser = read(request)
      const answer = await holdfast.verifyBrowser(browser, verifyOptions)
      const refusal = refusalFor(browser, answer, verifyOptions, holdfast.awaySinceMs)
      const response = refusal ?? (await listener(request, answer as SignedIn))
      return answer.setCookies.length > 0 ? withCookies(response, answer.setCookies) : response
    },
  }
}

/** A copy: the headers of a response that was fetched cannot be changed. */
function withCookies(response: Response, setCookies: readonly string[]): Response {
  const copy = new Response(response.body, response)
  for (const cookie of setCookies) copy.headers.append('set-cookie', cookie)
  // A cookie that a shared cache kept would sign the next reader in.
  copy.headers.set('cache-control', 'no-store')
  return copy
}

import type { FastifyPluginCallback, FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import { pathAtAccess } from './forward.ts'
import { refusalFor, type SignedIn } from './guard.ts'
import type { Holdfast } from './holdfast.ts'
import { createHandler } from './http.ts'
import type { Verified, VerifyOptions } from './verify-session.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in, on a route that `protect` guards; null elsewhere. */
    holdfast: SignedIn | null
  }
}

/** How a route is protected. */
export interface FastifyProtectOptions extends VerifyOptions {
  /** Instead of sending a browser to sign in. Must send the reply. */
  onInvalid?: (
    request: FastifyRequest,
    reply: FastifyReply,
    answer: Verified & { verdict: 'invalid' },
  ) => unknown | Promise<unknown>
  /** Instead of the plain page that tries again by itself. Must send the reply, and leave the cookies alone. */
  onUnknown?: (
    request: FastifyRequest,
    reply: FastifyReply,
    answer: Verified & { verdict: 'unknown' },
  ) => unknown | Promise<unknown>
}

/** What a Fastify app needs. */
export interface FastifyHandlers {
  /** `app.register(auth.plugin)`: answers what is below `/auth`, before any body is read. */
  plugin: FastifyPluginCallback
  /** `{ onRequest: auth.protect() }` on a route or as a hook: lets through who is signed in, as `request.holdfast`. */
  protect(options?: FastifyProtectOptions): onRequestAsyncHookHandler
}

/**
 * Joins Holdfast to a Fastify app. Imports nothing of Fastify but its types.
 *
 * @example
 * ```ts
 * import Fastify from 'fastify'
 * import { Holdfast } from '@holdfast/sdk'
 * import { createFastifyPlugin } from '@holdfast/sdk/fastify'
 *
 * await using holdfast = new Holdfast({
 *   url: process.env.HOLDFAST_URL!,
 *   key: process.env.HOLDFAST_KEY!,
 *   dataDir: './holdfast-sdk',
 * })
 * const auth = createFastifyPlugin(holdfast)
 * const app = Fastify()
 * app.register(auth.plugin)
 * app.get('/', { onRequest: auth.protect() }, (request) => `Hello ${request.holdfast!.session.user.name}`)
 * app.get('/billing', { onRequest: auth.protect({ fresh: true, maxAuthAgeMs: 5 * 60_000 }) }, () => {
 *   return 'Signed in within the last five minutes, and known so just now.'
 * })
 * ```
 */
export function createFastifyPlugin(holdfast: Holdfast): FastifyHandlers {
  const handler = createHandler(holdfast)
  const plugin: FastifyPluginCallback = (app, _options, done) => {
    app.decorateRequest('holdfast', null)
    // Fastify runs this for addresses that it does not know, too, and before it reads a body.
    app.addHook('onRequest', async (request, reply) => {
      if (pathAtAccess(request.raw.url ?? '/') === undefined) return
      // From here on the answer is access's own, byte for byte.
      reply.hijack()
      await handler.handle(request.raw, reply.raw)
    })
    done()
  }
  return {
    // Fastify keeps what a plugin adds to itself unless it is told not to: the hook is for the whole app.
    plugin: Object.assign(plugin, { [Symbol.for('skip-override')]: true }),
    protect: (options = {}) =>
      async function protect(request, reply) {
        const answer = await admit(holdfast, request, reply, options)
        if (answer) request.holdfast = answer
      },
  }
}

/** The verdict of somebody who may pass; undefined when the reply has been sent. */
async function admit(
  holdfast: Holdfast,
  request: FastifyRequest,
  reply: FastifyReply,
  options: FastifyProtectOptions,
): Promise<SignedIn | undefined> {
  const browser = holdfast.read(request.raw)
  const answer = await holdfast.verifyBrowser(browser, options)
  for (const cookie of answer.setCookies) reply.header('set-cookie', cookie)
  // A cookie that a shared cache kept would sign the next reader in.
  if (answer.setCookies.length > 0) reply.header('cache-control', 'no-store')
  if (answer.verdict === 'invalid' && options.onInvalid) {
    await options.onInvalid(request, reply, answer)
    return undefined
  }
  if (answer.verdict === 'unknown' && options.onUnknown) {
    await options.onUnknown(request, reply, answer)
    return undefined
  }
  const refusal = refusalFor(browser, answer, options, holdfast.awaySinceMs)
  if (!refusal) return answer as SignedIn
  reply.code(refusal.status)
  for (const [name, value] of refusal.headers) reply.header(name, value)
  await reply.send(await refusal.text())
  return undefined
}

import type { RequestHandler } from 'express'
import type { Holdfast } from './holdfast.ts'
import { admit, createHandler, type ProtectOptions } from './http.ts'

/** What an Express app needs. */
export interface ExpressHandlers {
  /** `app.use(auth.handle)`, before any body parser: answers what is below `/auth`. */
  handle: RequestHandler
  /** Lets through who is signed in, with the verdict in `response.locals.holdfast`. */
  protect(options?: ProtectOptions): RequestHandler
}

/**
 * Joins Holdfast to an Express app. Imports nothing of Express but its types.
 *
 * @example
 * ```ts
 * import express from 'express'
 * import { Holdfast } from '@holdfast/sdk'
 * import { createMiddleware } from '@holdfast/sdk/express'
 *
 * await using holdfast = new Holdfast({
 *   url: process.env.HOLDFAST_URL!,
 *   key: process.env.HOLDFAST_KEY!,
 *   dataDir: './holdfast-sdk',
 * })
 * const auth = createMiddleware(holdfast)
 * const app = express()
 * app.use(auth.handle)
 * app.get('/', auth.protect(), (_request, response) => {
 *   response.send(`Hello ${response.locals.holdfast.session.user.name}`)
 * })
 * app.get('/billing', auth.protect({ fresh: true, maxAuthAgeMs: 5 * 60_000 }), (_request, response) => {
 *   response.send('Signed in within the last five minutes, and known so just now.')
 * })
 * ```
 */
export function createMiddleware(holdfast: Holdfast): ExpressHandlers {
  const handler = createHandler(holdfast)
  return {
    handle(request, response, next) {
      handler.handle(request, response).then((isAnswered) => {
        if (!isAnswered) next()
      }, next)
    },
    protect:
      (options = {}) =>
      (request, response, next) => {
        admit(holdfast, request, response, options).then((answer) => {
          if (!answer) return
          response.locals.holdfast = answer
          next()
        }, next)
      },
  }
}

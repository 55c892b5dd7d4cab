import type { Request } from 'express'
import type { Session, SessionData } from 'express-session'

type Generate = (request: Request) => void
type MakeSession = new (request: Request, data: SessionData) => Session & SessionData

/**
 * Makes a `Session` of what was kept, as the `Store` of express-session does. Its classes are not imported but learned
 * from the first session that it generates, so that there is one version of them: the app's.
 */
export class SessionMaker {
  #learned: { session: MakeSession; cookie: object } | undefined

  make(request: Request, data: SessionData, generate: Generate): Session & SessionData {
    this.#learned ??= learn(request, generate)
    const { expires, originalMaxAge } = data.cookie
    const cookie = Object.create(this.#learned.cookie) as SessionData['cookie']
    Object.assign(cookie, { path: '/', maxAge: null, httpOnly: true }, data.cookie)
    if (typeof expires === 'string') cookie.expires = new Date(expires)
    // Last: setting `expires` sets it too.
    cookie.originalMaxAge = originalMaxAge
    data.cookie = cookie
    const session = new this.#learned.session(request, data)
    request.session = session
    return session
  }
}

/** What `generate` sets is set on the shadow; the request keeps its own session id. */
function learn(request: Request, generate: Generate): { session: MakeSession; cookie: object } {
  const shadow = Object.create(request) as Request
  generate(shadow)
  return {
    session: shadow.session.constructor as MakeSession,
    cookie: Object.getPrototypeOf(shadow.session.cookie) as object,
  }
}

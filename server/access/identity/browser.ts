import { createHash } from 'node:crypto'
import { cookieName, cookies } from '../../../sdk/contract.ts'
import type { Call, CookieChange } from '../../platform/http/index.ts'
import { newSecret } from '../../platform/id.ts'

/** The browser a sign-in is bound to, known by a cookie that says nothing about anybody. */
export interface Browser {
  /** Of the cookie; the cookie itself is nowhere kept. */
  digest: Buffer
  /** It had no cookie, so it has no past that could be limited. */
  isNew: boolean
  /** For the answer: none where the cookie was there already. */
  cookies: CookieChange[]
}

/** The longest that browsers keep a cookie (RFC 6265bis §5.5). */
const KEPT_SECONDS = 400 * 24 * 3600
const SECRET = /^[A-Za-z0-9_-]{43}$/

/** The browser of this call; one that has no cookie, or one that is not ours, is given a new one. */
export function browserOf(call: Call): Browser {
  const known = knownBrowser(call)
  if (known) return { digest: known, isNew: false, cookies: [] }
  const { digest, cookie } = newBrowser(call)
  return { digest, isNew: true, cookies: [cookie] }
}

/** Undefined: this browser has never begun a sign-in. */
export function knownBrowser(call: Call): Buffer | undefined {
  const secret = call.cookies[cookieName(cookies.browser, call.isSecure)]
  return secret !== undefined && SECRET.test(secret) ? digestOf(secret) : undefined
}

export function newBrowser(call: Call): { digest: Buffer; cookie: CookieChange } {
  const secret = newSecret()
  const name = cookieName(cookies.browser, call.isSecure)
  return {
    digest: digestOf(secret),
    cookie: { name, value: secret, maxAgeSeconds: KEPT_SECONDS, isSecure: call.isSecure },
  }
}

/** The browser under the cookie that an answer sets; undefined: it sets none. */
export function browserSetBy(call: Call, changes: readonly CookieChange[]): Buffer | undefined {
  const name = cookieName(cookies.browser, call.isSecure)
  const secret = changes.findLast((change) => change.name === name)?.value
  return secret ? digestOf(secret) : undefined
}

const digestOf = (secret: string) => createHash('sha256').update(secret).digest()

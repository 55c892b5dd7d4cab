import { cookieName, cookies } from './contract.ts'
import { readBody } from './read-body.ts'
import type { SignRequest } from './sign-request.ts'
import type { Deliver } from './sign-outs.ts'

const PATH = '/v1/session'
const DELIVER_MS = 5_000
const ANSWER_BYTES_MAX = 64 * 1024

/** Tells access of a sign-out that it could not be told when the person wished it. */
export function signOutDeliverer(options: { url: string; fetch: typeof fetch; sign: SignRequest }): Deliver {
  return async ({ handle, origin }) => {
    const cookie = `${cookieName(cookies.handle, origin.startsWith('https:'))}=${handle}`
    try {
      const response = await options.fetch(options.url + PATH, {
        method: 'DELETE',
        headers: { cookie, ...options.sign({ method: 'DELETE', path: PATH, origin, address: 'unknown' }) },
        redirect: 'manual',
        signal: AbortSignal.timeout(DELIVER_MS),
      })
      const body = await readBody(response.body, ANSWER_BYTES_MAX)
      return response.status === 204 || response.status === 202 || saysInvalid(response.status, body?.toString() ?? '')
    } catch {
      return false
    }
  }
}

/** The session is over already. A 401 about our own signature does not say this. */
function saysInvalid(status: number, text: string): boolean {
  try {
    return status === 401 && (JSON.parse(text) as { verdict?: unknown }).verdict === 'invalid'
  } catch {
    return false
  }
}

import { cookieName, cookies, headers } from '../../../sdk/contract.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import { type Call, type CookieChange, type FastCall, plainCookies } from '../../platform/http/index.ts'
import type { Credentials } from './verify-session.ts'

/**
 * The console has a cookie of its own: browsers keep one jar for all ports of a host, and what signs an app out must
 * not sign the operator out.
 */
const handleCookie = (audience: string | undefined) =>
  audience === CONSOLE_AUDIENCE ? cookies.console : cookies.handle

export function credentialsOf(call: Call, audience: string | undefined): Credentials {
  const read = (name: Parameters<typeof cookieName>[0]) => call.cookies[cookieName(name, call.isSecure)]
  const isConsole = audience === CONSOLE_AUDIENCE
  // The console's proof would be a second credential with nobody to read it.
  return { handle: read(handleCookie(audience)), proof: isConsole ? undefined : read(cookies.proof), audience }
}

const [plain, secure] = [false, true].map((isSecure) => ({
  handle: cookieName(cookies.handle, isSecure),
  proof: cookieName(cookies.proof, isSecure),
})) as [Names, Names]
type Names = Record<'handle' | 'proof', string>
/** Of whoever bears one of these the ordinary route has more to find out. */
const TELLING = Object.values(headers)

/** Whether a browser asks for itself, and nobody on behalf of one. */
export function isForItself({ headers: sent }: FastCall): boolean {
  for (const name of TELLING) if (sent[name] !== undefined) return false
  return true
}

/** As `credentialsOf`, of a browser that asks for itself; undefined where only the ordinary parser can read them. */
export function plainCredentials(call: FastCall): Pick<Credentials, 'handle' | 'proof'> | undefined {
  const names = call.isSecure ? secure : plain
  const found = plainCookies(call.headers.cookie, [names.handle, names.proof])
  return found && { handle: found[names.handle], proof: found[names.proof] }
}

export function setHandle(call: Call, audience: string, handle: string, maxAgeMs: number): CookieChange {
  return {
    name: cookieName(handleCookie(audience), call.isSecure),
    value: handle,
    maxAgeSeconds: Math.floor(maxAgeMs / 1000),
    isSecure: call.isSecure,
  }
}

/** Kept as long as the handle: past its expiry it is what grace is given on. */
export function setProof(call: Call, proof: string, maxAgeMs: number): CookieChange {
  return {
    name: cookieName(cookies.proof, call.isSecure),
    value: proof,
    maxAgeSeconds: Math.floor(maxAgeMs / 1000),
    isSecure: call.isSecure,
  }
}

export function clearCookies(call: Call, audience: string | undefined): CookieChange[] {
  const names = audience === CONSOLE_AUDIENCE ? [cookies.console] : [cookies.handle, cookies.proof]
  return names.map((name) => ({ name: cookieName(name, call.isSecure), value: null, isSecure: call.isSecure }))
}

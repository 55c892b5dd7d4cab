import { createHash, randomBytes } from 'node:crypto'

/** As many sessions as Holdfast is asked for when it is warm: a peer is not slowed by a working set that we do not have. */
export const SESSIONS = 1000
/** For contestants that read every session from PostgreSQL: more than one measurement gets through. */
export const SESSIONS_COLD = 100_000

export const COOKIE = 'session'

export function makeTokens(count: number): string[] {
  return Array.from({ length: count }, () => randomBytes(32).toString('base64url'))
}

export const digestOf = (token: string) => createHash('sha256').update(token).digest()

/** What every session of a limit holds: an id, a person, an end. */
export function sessionOf(index: number) {
  return {
    id: `ses_${index}`,
    user: { id: `usr_${index}`, email: `person-${index}@bench.test` },
    expires_at: '2027-01-01',
  }
}

/** The cheapest reading of a cookie that is still right for the one cookie that is sent. */
export function tokenOf(cookie: string | undefined): string {
  return cookie?.startsWith(`${COOKIE}=`) ? cookie.slice(COOKIE.length + 1) : ''
}

export const cookieLine = (token: string) => `cookie: ${COOKIE}=${token}`

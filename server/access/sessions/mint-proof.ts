import { PROOF_LENGTH_MAX, PROOF_LIFE_MS, type ProofClaims, type Session } from '../../../sdk/contract.ts'
import { isFailOver } from '../../../sdk/verify.ts'
import type { House } from './house.ts'
import { signProof } from './signing-key.ts'

/**
 * A fresh proof of a session that was just found valid; writes nothing. `ageMs` is how old the knowledge is: in an
 * outage the proof says so by `confirmed_at`, and a route that wants fresher knowledge refuses it.
 * Undefined when no key is at hand: then the handle has to do.
 */
export function mintProof(house: House, session: Session, ageMs: number): string | undefined {
  const key = house.keys.active()
  if (!key) return undefined
  // From a proof alone nobody knows when support's time is over: it is not made longer than that proof.
  // Nor when a session of fail-over has to have been proven at its provider.
  if ((session.impersonator || isFailOver(session)) && session.expires_at === null) return undefined
  const nowMs = house.clock.now().getTime()
  const endMs = endOf(session)
  const seconds = (ms: number) => Math.floor(ms / 1000)
  const proof = signProof(key, {
    iss: house.issuer,
    aud: session.audience,
    sub: session.user.id,
    sid: session.id,
    org: session.organization_id,
    roles: session.roles,
    ...(session.impersonator && { act: { sub: session.impersonator.id, name: session.impersonator.name } }),
    iat: seconds(nowMs),
    // Never past the session's own end.
    exp: seconds(Math.min(nowMs + PROOF_LIFE_MS, endMs)),
    auth_time: seconds(Date.parse(session.authenticated_at)),
    confirmed_at: seconds(nowMs - ageMs),
    amr: session.amr,
    acr: session.acr,
    email: session.user.email,
    name: session.user.name,
    picture: session.user.picture_url,
  })
  // A picture URL may be long; the app can ask for it, a browser drops a cookie over 4 kB.
  if (proof.length <= PROOF_LENGTH_MAX) return proof
  return session.user.picture_url
    ? mintProof(house, { ...session, user: { ...session.user, picture_url: null } }, ageMs)
    : undefined
}

/** Whatever comes first of what is known. */
const endOf = ({ expires_at, due_at }: Session) =>
  Math.min(...[expires_at, due_at].map((at) => (at ? Date.parse(at) : Number.POSITIVE_INFINITY)))

/** Half of its life is left, and it says what is so now: a new one would only cost a signature and a cookie. */
export function isWorthKeeping(house: House, proof: string | undefined, session: Session): boolean {
  if (proof === undefined) return false
  const nowMs = house.clock.now().getTime()
  const seen = house.proofs.verify(proof, { keys: house.keys.published(), issuer: house.issuer, nowMs })
  return seen.outcome === 'good' && saysWhatIsSo(seen.claims, session) && nowMs < worthUntilMs(seen.claims)
}

/** Half of a proof's life before its end. */
export const worthUntilMs = ({ exp }: ProofClaims) => exp * 1000 - PROOF_LIFE_MS / 2

export function saysWhatIsSo(claims: ProofClaims, session: Session): boolean {
  const { email, name } = session.user
  const isSame =
    claims.sid === session.id &&
    claims.email === email &&
    claims.name === name &&
    claims.org === session.organization_id
  if (claims.exp * 1000 > endOf(session) || isFailOver(claims) !== isFailOver(session)) return false
  if (claims.roles?.join() !== session.roles.join()) return false
  const isCurrent = claims.auth_time === Math.floor(Date.parse(session.authenticated_at) / 1000)
  return isSame && isCurrent
}

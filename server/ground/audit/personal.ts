import { createHash } from 'node:crypto'
import { randomBytesOf } from '../../platform/random.ts'

/** Long enough that an address cannot be found again from its digest by trying all of them, once the salt is gone. */
const SALT_BYTES = 16

/**
 * The personal parts of an entry are sealed by their digest alone: erased together with the salt, they leave the chain
 * whole and no way back (GDPR 17).
 */
export function newPersonal(address: string | null, userAgent: string | null) {
  const isNobody = address === null && userAgent === null
  const salt = isNobody ? null : randomBytesOf(SALT_BYTES)
  return { salt, digest: salt && digestOfPersonal(salt, address, userAgent) }
}

export const digestOfPersonal = (salt: Buffer, address: string | null, userAgent: string | null) =>
  createHash('sha256')
    .update(salt)
    .update(JSON.stringify([address, userAgent]))
    .digest()

/** What there is of the personal parts must be what was sealed; what was erased is gone as a whole. */
export function isPersonalWhole(entry: {
  address: string | null
  user_agent: string | null
  personal_salt: Buffer | null
  personal_digest: Buffer | null
}): boolean {
  const { address, user_agent: userAgent, personal_salt: salt, personal_digest: digest } = entry
  // Without a digest nothing of it was sealed: entries of before there were seals.
  if (salt === null) return digest === null || (address === null && userAgent === null)
  return digest?.equals(digestOfPersonal(salt, address, userAgent)) ?? false
}

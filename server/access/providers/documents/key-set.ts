import { calculateJwkThumbprint, type JWK } from 'jose'
import { EgressFault } from '../egress/index.ts'

/** A public key for signatures, with its RFC 7638 thumbprint: what it is known by, whatever its `kid`. */
export interface KnownKey {
  thumbprint: string
  jwk: JWK
}

/** The largest set seen has some twenty. */
const KEYS_MAX = 100
const MEMBERS = ['kty', 'kid', 'alg', 'use', 'key_ops', 'n', 'e', 'crv', 'x', 'y'] as const
const KINDS = new Set(['RSA', 'EC', 'OKP'])

/**
 * The keys that can check a signature. A set without one is a fault and never the news that there are none: it takes
 * nothing away.
 */
export async function judgeKeys(body: Record<string, unknown>): Promise<KnownKey[]> {
  if (!Array.isArray(body.keys)) throw new EgressFault('malformed', 'its key set has no list of keys')
  if (body.keys.length > KEYS_MAX) throw new EgressFault('too-big', `its key set has more than ${KEYS_MAX} keys`)
  const found = new Map<string, KnownKey>()
  for (const each of body.keys as unknown[]) {
    const key = await readKey(each)
    if (key) found.set(key.thumbprint, key)
  }
  if (found.size === 0) throw new EgressFault('keys-empty', 'its key set holds no key that signs')
  return [...found.values()]
}

async function readKey(value: unknown): Promise<KnownKey | undefined> {
  if (typeof value !== 'object' || value === null) return undefined
  const given = value as Record<string, unknown>
  if (!KINDS.has(String(given.kty)) || (given.use !== undefined && given.use !== 'sig')) return undefined
  const jwk = Object.fromEntries(MEMBERS.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])))
  try {
    return { thumbprint: await calculateJwkThumbprint(jwk as JWK), jwk: jwk as JWK }
  } catch {
    // One key that is damaged does not spoil the others: none of ours is checked by it.
    return undefined
  }
}

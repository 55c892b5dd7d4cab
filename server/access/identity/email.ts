import { domainToASCII } from 'node:url'

export interface Email {
  /** As it is written to and shown. */
  address: string
  /** By which two spellings of one address are the same. */
  key: string
}

export type EmailFault = 'missing' | 'invalid' | 'too_long'
export type ReadEmail = { outcome: 'ok'; email: Email } | { outcome: EmailFault }

/** RFC 5321 §4.5.3.1: longer ones cannot be delivered. */
const ADDRESS_MAX = 254
const LOCAL_MAX = 64
/** What is longer before it is normalised is not looked at: NFKC can make a text many times longer. */
const TYPED_MAX = 1000

/** RFC 5322 dot-atom. Quoted and international local parts are refused: most mail servers refuse them too. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/

/**
 * Reads an address that somebody typed: normalised first, validated after (GHSA-7rqj: a look-alike of @ passed the
 * check and became one later). The domain becomes lower-case punycode.
 */
export function readEmail(typed: string): ReadEmail {
  const trimmed = typed.trim()
  if (trimmed === '') return { outcome: 'missing' }
  if (trimmed.length > TYPED_MAX) return { outcome: 'too_long' }
  if (hasLookAlike(trimmed)) return { outcome: 'invalid' }

  const text = trimmed.normalize('NFKC').trim()
  const [local = '', typedDomain = '', ...more] = text.split('@')
  if (more.length > 0 || !LOCAL.test(local)) return { outcome: 'invalid' }
  const domain = /[\s/\\:?#%[\]<>]/.test(typedDomain) ? '' : domainToASCII(typedDomain).toLowerCase()
  if (!DOMAIN.test(domain)) return { outcome: 'invalid' }

  const address = `${local}@${domain}`
  if (local.length > LOCAL_MAX || address.length > ADDRESS_MAX) return { outcome: 'too_long' }
  return { outcome: 'ok', email: { address, key: address.toLowerCase() } }
}

/** A character that is none of ours and would become an @, or a control or invisible one anywhere in it. */
function hasLookAlike(text: string): boolean {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)) return true
  return [...text].some((character) => character !== '@' && character.normalize('NFKC').includes('@'))
}

import { randomBytes } from 'node:crypto'
import type { Secret } from '../../../platform/secret.ts'

/** One sheet of paper; one code a sign-in. */
export const CODES_IN_SET = 10
/** Crockford's alphabet: what looks alike is read as one, because these are typed from paper. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 80 random bits: no limit on guessing is needed to keep them, only to bound the work. */
const CHARACTERS = 16
const GROUP = 4

/** `7Q4K-2MXB-9D8H-TR3F`. */
export function newCode(): string {
  const text = Array.from(randomBytes(CHARACTERS), (byte) => ALPHABET[byte & 31]).join('')
  return text.match(new RegExp(`.{${GROUP}}`, 'g'))!.join('-')
}

/** As it was typed: any case, with or without dashes and spaces. Undefined: it cannot be one. */
export function readCode(typed: string): string | undefined {
  if (typed.length > 100) return undefined
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
  return text.length === CHARACTERS && [...text].every((character) => ALPHABET.includes(character)) ? text : undefined
}

/** Bound to its person: a code of one administrator is none of another's. */
export const digestOfCode = (secret: Secret, userId: string, code: string) =>
  secret.hmac('break-glass', `${userId}\n${readCode(code) ?? ''}`)

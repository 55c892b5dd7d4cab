import { randomBytesOf } from './random.ts'

/** Crockford's alphabet: no I, L, O, U, so that an id can be read out on the telephone. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_CHARACTERS = 10
const RANDOM_CHARACTERS = 16

/** A time-ordered id such as `ses_01k3…`: 48 bits of milliseconds, 80 random bits. Not a secret. */
export function newId(prefix: string, now: Date): string {
  let id = idAt(prefix, now)
  for (const byte of randomBytesOf(RANDOM_CHARACTERS)) id += ALPHABET[byte & 31]
  return id
}

/** What every id made at this instant or later is greater than, and every earlier one less: lists by time need no index. */
export function idAt(prefix: string, at: Date): string {
  // A clock that stands before 1970 is wrong; the id is unique all the same.
  let time = Math.max(0, at.getTime())
  let head = ''
  for (let index = 0; index < TIME_CHARACTERS; index++) {
    head = ALPHABET[time % 32] + head
    time = Math.floor(time / 32)
  }
  return `${prefix}_${head}`
}

/** 256 random bits as 43 characters, for handles, link tokens and keys. */
export function newSecret(): string {
  return randomBytesOf(32).toString('base64url')
}

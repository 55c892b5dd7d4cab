/**
 * MurmurHash3 x86 32 with seed 0, over the UTF-8 bytes of a text. Most keys are ASCII, and those are hashed without
 * being encoded; Node's flagd hashes UTF-16 units, which puts every second user with an umlaut elsewhere than Go does.
 */
export const murmur3 = (text: string): number => hashOn(text, NOTHING_BEFORE)

/**
 * `murmur3(prefix + text)`, for one prefix and many texts: what the prefix does to the hash is worked out once, and the
 * two are never put together.
 */
export function murmur3After(prefix: string): (text: string) => number {
  const { length } = prefix
  const whole = length & ~3
  let start = 0
  let left = 0
  for (let index = 0; index < length; index += 1) {
    const code = prefix.charCodeAt(index)
    // What is encoded by itself is not what is encoded together: half a pair of surrogates may stand at the seam.
    if (code > ASCII_MAX) return (text) => murmur3Bytes(encoder.encode(prefix + text))
    left |= code << ((index & 3) * 8)
    if ((index & 3) !== 3) continue
    start = mixIn(start, left)
    left = 0
  }
  const begun: Begun = { prefix, start, left, shift: (length - whole) * 8 }
  return (text) => hashOn(text, begun)
}

/** A hash that has taken up all whole blocks of a prefix, and `shift` bits of the next. */
interface Begun {
  prefix: string
  start: number
  left: number
  shift: number
}

const NOTHING_BEFORE: Begun = { prefix: '', start: 0, left: 0, shift: 0 }

function hashOn(text: string, { prefix, start, left, shift }: Begun): number {
  const { length } = text
  const whole = length & ~3
  let hash = start
  let block = left
  for (let index = 0; index < whole; index += 4) {
    const a = text.charCodeAt(index)
    const b = text.charCodeAt(index + 1)
    const c = text.charCodeAt(index + 2)
    const d = text.charCodeAt(index + 3)
    if ((a | b | c | d) > ASCII_MAX) return murmur3Bytes(encoder.encode(prefix + text))
    const word = a | (b << 8) | (c << 16) | (d << 24)
    hash = mixIn(hash, block | (word << shift))
    block = shift === 0 ? 0 : word >>> (32 - shift)
  }
  let at = shift
  for (let index = whole; index < length; index += 1) {
    const code = text.charCodeAt(index)
    if (code > ASCII_MAX) return murmur3Bytes(encoder.encode(prefix + text))
    block |= code << at
    at += 8
    if (at === 32) {
      hash = mixIn(hash, block)
      block = 0
      at = 0
    }
  }
  return finish(at === 0 ? hash : hash ^ scramble(block), prefix.length + length)
}

export function murmur3Bytes(bytes: Uint8Array): number {
  const { length } = bytes
  const whole = length & ~3
  let hash = 0
  for (let index = 0; index < whole; index += 4) {
    const low = bytes[index]! | (bytes[index + 1]! << 8)
    hash = mixIn(hash, low | (bytes[index + 2]! << 16) | (bytes[index + 3]! << 24))
  }
  let rest = 0
  for (let index = length - 1; index >= whole; index -= 1) rest = (rest << 8) | bytes[index]!
  return finish(length === whole ? hash : hash ^ scramble(rest), length)
}

const ASCII_MAX = 0x7f
const encoder = new TextEncoder()

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

function mixIn(hash: number, block: number): number {
  const mixed = hash ^ scramble(block)
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

/** Unsigned, of 32 bits. */
function finish(hash: number, length: number): number {
  let mixed = hash ^ length
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/**
 * MurmurHash3 x86 32 with seed 0, over the UTF-8 bytes of a text. Most keys are ASCII, and those are hashed without
 * being encoded; Node's flagd hashes UTF-16 units, which puts every second user with an umlaut elsewhere than Go does.
 */
export function murmur3(text: string): number {
  const { length } = text
  const whole = length & ~3
  let hash = 0
  for (let index = 0; index < whole; index += 4) {
    const a = text.charCodeAt(index)
    const b = text.charCodeAt(index + 1)
    const c = text.charCodeAt(index + 2)
    const d = text.charCodeAt(index + 3)
    if ((a | b | c | d) > ASCII_MAX) return murmur3Bytes(encoder.encode(text))
    hash = mixIn(hash, a | (b << 8) | (c << 16) | (d << 24))
  }
  let rest = 0
  for (let index = length - 1; index >= whole; index -= 1) {
    const code = text.charCodeAt(index)
    if (code > ASCII_MAX) return murmur3Bytes(encoder.encode(text))
    rest = (rest << 8) | code
  }
  return finish(length === whole ? hash : hash ^ scramble(rest), length)
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

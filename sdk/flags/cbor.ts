/** Values nested deeper are no key to deal anybody out by. */
const DEPTH_MAX = 16

/**
 * The core deterministic encoding of RFC 8949, 4.2.1, as flagd's third hash wants it: whole numbers as integers, other
 * numbers in the shortest form that loses nothing, the keys of a map in the order of their bytes.
 */
export function encodeCbor(value: unknown): Uint8Array {
  const bytes: number[] = []
  write(value, bytes, 0)
  return Uint8Array.from(bytes)
}

const UNSIGNED = 0
const NEGATIVE = 1
const TEXT = 3
const LIST = 4
const MAP = 5
const encoder = new TextEncoder()

function write(value: unknown, bytes: number[], depth: number): void {
  if (depth > DEPTH_MAX) throw new RangeError(`nested deeper than ${DEPTH_MAX}`)
  if (value === null || value === undefined) bytes.push(0xf6)
  else if (typeof value === 'boolean') bytes.push(value ? 0xf5 : 0xf4)
  else if (typeof value === 'number') writeNumber(value, bytes)
  else if (typeof value === 'string') writeText(value, bytes)
  else if (Array.isArray(value)) writeList(value, bytes, depth)
  else if (typeof value === 'object') writeMap(value, bytes, depth)
  else throw new TypeError(`${typeof value} has no form in CBOR`)
}

function writeText(text: string, bytes: number[]): void {
  const encoded = encoder.encode(text)
  writeHead(TEXT, encoded.length, bytes)
  for (const byte of encoded) bytes.push(byte)
}

function writeList(list: readonly unknown[], bytes: number[], depth: number): void {
  writeHead(LIST, list.length, bytes)
  for (const each of list) write(each, bytes, depth + 1)
}

function writeMap(map: object, bytes: number[], depth: number): void {
  const entries = Object.entries(map).map(([key, value]) => ({ key: encodeCbor(key), value }))
  entries.sort((a, b) => compareBytes(a.key, b.key))
  writeHead(MAP, entries.length, bytes)
  for (const { key, value } of entries) {
    for (const byte of key) bytes.push(byte)
    write(value, bytes, depth + 1)
  }
}

/** -0 is 0. Beyond 2^64 there are no integers. */
function writeNumber(value: number, bytes: number[]): void {
  if (!Number.isInteger(value) || value >= 2 ** 64 || value < -(2 ** 64)) writeFloat(value, bytes)
  else if (value >= 0) writeHead(UNSIGNED, value, bytes)
  else writeHead(NEGATIVE, -1 - value, bytes, BigInt(value))
}

function writeHead(kind: number, count: number, bytes: number[], negative?: bigint): void {
  const head = kind << 5
  if (count < 24) bytes.push(head | count)
  else if (count < 2 ** 8) bytes.push(head | 24, count)
  else if (count < 2 ** 16) bytes.push(head | 25, count >>> 8, count & 0xff)
  else if (count < 2 ** 32) bytes.push(head | 26, ...ofView(4, (view) => view.setUint32(0, count)))
  else {
    // -1 - value is not exact beyond 2^53.
    const exact = negative === undefined ? BigInt(count) : -1n - negative
    bytes.push(head | 27, ...ofView(8, (view) => view.setBigUint64(0, exact)))
  }
}

function writeFloat(value: number, bytes: number[]): void {
  const half = halfOf(value)
  if (half !== undefined) bytes.push(0xf9, half >>> 8, half & 0xff)
  else if (Object.is(Math.fround(value), value)) bytes.push(0xfa, ...ofView(4, (view) => view.setFloat32(0, value)))
  else bytes.push(0xfb, ...ofView(8, (view) => view.setFloat64(0, value)))
}

/** The sixteen bits of a number, if it fits into them. */
function halfOf(value: number): number | undefined {
  if (Number.isNaN(value)) return 0x7e00
  const sign = value < 0 ? 0x8000 : 0
  const size = Math.abs(value)
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00
  if (size > 65_504) return undefined
  if (size < 2 ** -14) {
    const steps = size * 2 ** 24
    return Number.isInteger(steps) ? sign | steps : undefined
  }
  const exponent = Math.floor(Math.log2(size))
  const steps = (size / 2 ** exponent - 1) * 2 ** 10
  return Number.isInteger(steps) ? sign | ((exponent + 15) << 10) | steps : undefined
}

function ofView(size: number, fill: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(size))
  fill(view)
  return new Uint8Array(view.buffer)
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length)
  for (let index = 0; index < shorter; index += 1) if (a[index] !== b[index]) return a[index]! - b[index]!
  return a.length - b.length
}

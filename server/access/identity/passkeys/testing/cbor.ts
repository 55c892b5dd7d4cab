const [UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP] = [0, 1, 2, 3, 4, 5]

/** RFC 8949: as much of it as an authenticator says. */
export function cbor(value: unknown): Buffer {
  if (typeof value === 'number') return value < 0 ? head(NEGATIVE, -1 - value) : head(UNSIGNED, value)
  if (typeof value === 'string') return Buffer.concat([head(TEXT, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(BYTES, value.length), value])
  if (Array.isArray(value)) return Buffer.concat([head(ARRAY, value.length), ...value.map(cbor)])
  if (value instanceof Map) {
    return Buffer.concat([head(MAP, value.size), ...[...value].flatMap(([key, held]) => [cbor(key), cbor(held)])])
  }
  throw new TypeError('an authenticator says no such thing')
}

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(major << 5) | argument])
  if (argument < 0x100) return Buffer.from([(major << 5) | 24, argument])
  return Buffer.from([(major << 5) | 25, argument >> 8, argument & 0xff])
}

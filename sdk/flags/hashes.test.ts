import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compileFlags, evaluateKey, HASH_KEY } from '../evaluate.ts'
import { encodeCbor } from './cbor.ts'
import { HASHES, WEIGHT_MAX } from './hashes.ts'
import { murmur3, murmur3After, murmur3Bytes } from './murmur3.ts'

function deal(key: string, rule: unknown, hash: string | undefined, context: Record<string, unknown>) {
  const names = ['clubs', 'diamonds', 'hearts', 'spades', 'heads', 'tails', ...buckets]
  const variants = Object.fromEntries(names.map((name) => [name, name]))
  const metadata = hash === undefined ? {} : { [HASH_KEY]: hash }
  const flags = compileFlags({ flags: { [key]: { state: 'ENABLED', variants, targeting: rule, metadata } } })
  const { variant, errorMessage } = evaluateKey(flags, key, context, 0)
  return variant ?? errorMessage ?? null
}

const suits = ['clubs', 'diamonds', 'hearts', 'spades'].map((suit) => [suit, 25])
const buckets = Array.from({ length: 25 }, (_, index) => `bucket${index + 1}`)
const ofName = (name: string) => ({ user: { name } })

test("each hash deals users out as flagd's own examples say", () => {
  const bySuit = { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'user.name' }] }, ...suits] }
  const shared = { fractional: [{ cat: ['shared-seed', { var: 'user.name' }] }, ...suits] }
  const suitsOf = {
    'flagd-v1': { jack: 'spades', queen: 'clubs', ten: 'diamonds', nine: 'hearts', '3': 'diamonds' },
    'flagd-v2': { jack: 'hearts', queen: 'spades', ten: 'clubs', nine: 'diamonds', '3': 'clubs' },
    'flagd-v3': { jack: 'diamonds', queen: 'diamonds', ten: 'clubs', nine: 'clubs', '3': 'spades' },
  }
  const sharedOf = {
    'flagd-v1': { jack: 'hearts', queen: 'spades', ten: 'hearts', nine: 'diamonds' },
    'flagd-v2': { seven: 'hearts', eight: 'diamonds', nine: 'clubs', two: 'spades' },
    'flagd-v3': { seven: 'hearts', eight: 'hearts', nine: 'diamonds', two: 'diamonds' },
  }
  for (const [hash, names] of Object.entries(suitsOf))
    for (const [name, suit] of Object.entries(names))
      assert.equal(deal('fractional-flag', bySuit, hash, ofName(name)), suit, `${hash} ${name}`)
  for (const [hash, names] of Object.entries(sharedOf))
    for (const [name, suit] of Object.entries(names))
      assert.equal(deal('any', shared, hash, ofName(name)), suit, `${hash} ${name}`)
})

test('without a key of its own, a flag deals out by its key and the targeting key', () => {
  const coin = { fractional: [['heads'], ['tails', 1]] }
  const sides = {
    'flagd-v1': { 'jon@company.com': 'heads', 'jane@company.com': 'tails' },
    'flagd-v2': { 'jon@company.com': 'heads', 'jane@company.com': 'tails' },
    'flagd-v3': { 'jon@company.com': 'tails', 'jane@company.com': 'tails' },
  }
  for (const [hash, keys] of Object.entries(sides))
    for (const [targetingKey, side] of Object.entries(keys))
      assert.equal(deal('fractional-flag-shorthand', coin, hash, { targetingKey }), side, `${hash} ${targetingKey}`)
  assert.equal(deal('fractional-flag-shorthand', coin, undefined, { targetingKey: 'jane@company.com' }), 'tails')
  for (const nobody of [{}, { targetingKey: '' }, { targetingKey: null }])
    assert.equal(deal('f', coin, undefined, nobody), null)
})

test('keys at the edges of the second hash fall on the right side', () => {
  const rule = { fractional: [{ var: 'targetingKey' }, ['clubs', 50], ['spades', 50]] }
  for (const targetingKey of ['ejOoVL', 'bY9fO-', 'SI7p-'])
    assert.equal(deal('f', rule, 'flagd-v2', { targetingKey }), 'clubs')
  for (const targetingKey of ['6LvT0', 'ceQdGm']) assert.equal(deal('f', rule, 'flagd-v2', { targetingKey }), 'spades')
})

test("the third hash takes what is no text, as flagd's examples say", () => {
  const rule = { fractional: [{ var: 'hashing_input' }, ...buckets.map((name) => [name, 1])] }
  const expected: [unknown, number][] = [
    [true, 5],
    [false, 1],
    ['user1', 22],
    ['user2', 16],
    [123, 20],
    [456, 12],
    [1.23, 14],
    [4.56, 18],
    ['123', 22],
    ['true', 24],
    ['false', 1],
    ['null', 8],
    ['1.23', 4],
    [0, 8],
    [-0, 8],
    [1, 23],
    [-2, 12],
    [9007199254740992, 10],
    [2147483647, 10],
    [-2147483648, 8],
    [23, 21],
    [24, 11],
    [255, 13],
    [256, 13],
    [65535, 4],
    [65536, 11],
    [-24, 4],
    [-25, 16],
    [1e20, 19],
    [-1e20, 25],
    [65504, 16],
    [-65504, 9],
    [0.00006103515625, 22],
    [0.000000059604644775390625, 23],
    [65505, 17],
    [-65505, 17],
    [3.4028234663852886e38, 10],
    [-3.4028234663852886e38, 3],
    [1.1754943508222875e-38, 24],
    [3.5e38, 1],
    [-3.5e38, 6],
    [1.7976931348623157e308, 17],
    [-1.7976931348623157e308, 9],
    [2.2250738585072014e-308, 11],
    [5e-324, 2],
    [{ a: 1, b: 2 }, 23],
    [{ b: 2, a: 1 }, 23],
    [{ a: 1, b: 2, c: 3 }, 18],
    [{ z: 1, aa: 2 }, 21],
    [{ aa: 2, z: 1 }, 21],
    [{ a: { b: 1 }, b: 2 }, 9],
    [{ c: 'text', bbb: 1, a: true, dddd: 2.5 }, 25],
    [{ ÿ: 2, aaa: 1 }, 12],
  ]
  for (const [input, bucket] of expected)
    assert.equal(
      deal('fractional-basic-flag', rule, 'flagd-v3', { hashing_input: input }),
      `bucket${bucket}`,
      String(input),
    )
  assert.equal(deal('fractional-basic-flag', rule, 'flagd-v3', { hashing_input: null }), null)
})

test('a flag that is pinned to a hash that is not known here deals nobody out otherwise: it says so', () => {
  assert.match(
    String(deal('f', { fractional: [['heads'], ['tails']] }, 'unleash-9', { targetingKey: 'u' })),
    /unleash-9/,
  )
  assert.equal(deal('f', { if: [true, 'heads'] }, 'unleash-9', {}), 'heads', 'who deals nobody out needs none')
})

test('murmur3 is what everybody computes, of texts and of their bytes', () => {
  const known: [string, number][] = [
    ['', 0],
    ['test', 0xba6bd213],
    ['Hello, world!', 0xc0363e43],
    ['The quick brown fox jumps over the lazy dog', 0x2e4ff723],
  ]
  for (const [text, hash] of known) assert.equal(murmur3(text), hash, text)
  const bytesOf = new TextEncoder()
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => murmur3(text) === murmur3Bytes(bytesOf.encode(text))),
    { numRuns: 500 },
  )
})

test('a text after a known prefix has the hash of both together, wherever the seam falls', () => {
  const texts = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(texts, texts, (prefix, text) => murmur3After(prefix)(text) === murmur3(prefix + text)),
    { numRuns: 3000 },
  )
  assert.equal(murmur3After('a\ud83d')('\ude00'), murmur3('a😀'))
})

test('half a character counts as the mark of a damaged one, as wherever UTF-8 is written', () => {
  assert.equal(murmur3('a\ud800'), murmur3('a\ufffd'))
})

test('the second hash is exact at every weight, without large integers', () => {
  const v2 = HASHES.get('flagd-v2')!
  const exact = (hash: number, total: number) => Number((BigInt(hash) * BigInt(total)) >> 32n)
  fc.assert(
    fc.property(
      fc.nat(2 ** 32 - 1),
      fc.integer({ min: 0, max: WEIGHT_MAX }),
      (hash, total) => v2.position(hash, total) === exact(hash, total),
    ),
    { numRuns: 2_000 },
  )
  for (const hash of [0, 1, 0xffff, 0x10000, 2 ** 31, 2 ** 32 - 1])
    for (const total of [0, 1, 2, 100, WEIGHT_MAX]) assert.equal(v2.position(hash, total), exact(hash, total))
})

test('the share of users is as the weights say, in every hash', () => {
  for (const hash of HASHES.keys()) {
    const rule = {
      fractional: [
        ['heads', 25],
        ['tails', 75],
      ],
    }
    const heads = Array.from({ length: 4_000 }, (_, id) =>
      deal('share', rule, hash, { targetingKey: `usr_${id}` }),
    ).filter((side) => side === 'heads').length
    assert.ok(heads > 880 && heads < 1_120, `${hash}: ${heads} of 4000`)
  }
})

test('a larger share takes more users, and none of those who had it loses it', () => {
  const rule = (share: number) => ({
    fractional: [
      ['heads', share],
      ['tails', 100 - share],
    ],
  })
  for (const hash of HASHES.keys()) {
    for (let id = 0; id < 300; id += 1) {
      const context = { targetingKey: `usr_${id}` }
      if (deal('ramp', rule(10), hash, context) === 'heads')
        assert.equal(deal('ramp', rule(25), hash, context), 'heads')
    }
  }
})

test('CBOR writes what RFC 8949 gives as examples', () => {
  const examples: [unknown, string][] = [
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [1000, '1903e8'],
    [1_000_000, '1a000f4240'],
    [1_000_000_000_000, '1b000000e8d4a51000'],
    [-1, '20'],
    [-100, '3863'],
    [1.1, 'fb3ff199999999999a'],
    [1.5, 'f93e00'],
    [100_000.5, 'fa47c35040'],
    [2 ** -24, 'f90001'],
    [Number.POSITIVE_INFINITY, 'f97c00'],
    [Number.NaN, 'f97e00'],
    [false, 'f4'],
    [null, 'f6'],
    ['IETF', '6449455446'],
    ['ü', '62c3bc'],
    [[1, [2, 3]], '8201820203'],
    [{ b: [2, 3], a: 1 }, 'a26161016162820203'],
  ]
  for (const [value, hex] of examples)
    assert.equal(Buffer.from(encodeCbor(value)).toString('hex'), hex, JSON.stringify(value))
})

import assert from 'node:assert/strict'
import { createHmac, createPublicKey, sign } from 'node:crypto'
import { test } from 'node:test'
import { array, assert as assertProperty, constantFrom, integer, property, record, string, tuple } from 'fast-check'
import { EXERCISE_AUDIENCE, GRACE_MS, type KeySet, PROOF_LENGTH_MAX, type ProofClaims } from './contract.ts'
import { claimsAt, makeKey, signJws } from './testing/access-double.ts'
import { type BadProof, ProofCache, type ProofVerdict, sessionOfClaims, verifyProof } from './verify.ts'

/** Made once and written down: a change that breaks every proof in the field breaks this. */
const VECTOR = {
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: 'WwCO3Iad7yNsjV4RF_n3j8zvqLW3fvJUyFxtOYrysMM',
    y: 'dpCKfCFHBxh3YVTIxwBss167lGXGSwqIPmC_lsvrH4c',
    kid: 'key_vector',
    alg: 'ES256',
    use: 'sig',
  } as const,
  token:
    'eyJhbGciOiJFUzI1NiIsInR5cCI6ImhmLXNlc3Npb24rand0Iiwia2lkIjoia2V5X3ZlY3RvciJ9.eyJpc3MiOiJodHRwczovL2lkLmFjbWUudGVzdCIsImF1ZCI6ImFwcF90ZXN0Iiwic3ViIjoidXNyX2FuYSIsInNpZCI6InNlc192ZWN0b3IiLCJvcmciOm51bGwsImlhdCI6MTgwMDAwMDAwMCwiZXhwIjoxODAwMDAwMzAwLCJhdXRoX3RpbWUiOjE3OTk5OTk5NDAsImNvbmZpcm1lZF9hdCI6MTgwMDAwMDAwMCwiYW1yIjpbIm90cCJdLCJhY3IiOiJzaW5nbGUiLCJlbWFpbCI6ImFuYUBhY21lLnRlc3QiLCJuYW1lIjoiQW5hIMOcbsOvIiwicGljdHVyZSI6bnVsbH0.xxQvNsjUHYlPb6IosrxdkxKYqADCYfoqbRdR3BkPYTlMJpCly8h-K1-VYKir6ARSjvK553HNX3bjTWlVhgsUcQ',
}
const NOW = 1_800_000_000_000
const key = makeKey('key_1')
const keys: KeySet = { keys: [key.public] }
const expected = { keys, audience: 'app_test', issuer: 'https://id.acme.test', nowMs: NOW }
const good = signJws(key, claimsAt(NOW))
const [head, body, signature] = good.split('.') as [string, string, string]
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('a proof written down long ago is read as it was meant', () => {
  const verdict = verifyProof(VECTOR.token, { ...expected, keys: { keys: [VECTOR.key] } })
  assert.ok(verdict.outcome === 'good')
  assert.equal(verdict.isExpired, false)
  assert.deepEqual(sessionOfClaims(verdict.claims), {
    id: 'ses_vector',
    user: { id: 'usr_ana', email: 'ana@acme.test', name: 'Ana Ünï', picture_url: null },
    organization_id: null,
    roles: [],
    impersonator: null,
    audience: 'app_test',
    authenticated_at: '2027-01-15T07:59:00.000Z',
    expires_at: null,
    amr: ['otp'],
    acr: 'single',
  })
})

test('a proof ends at its expiry, is good through the grace that is given, and not a millisecond longer', () => {
  const ends = NOW + 300_000
  const at = (nowMs: number, graceMs?: number) => said(verifyProof(good, { ...expected, nowMs, graceMs }))
  assert.deepEqual(
    [at(ends - 1), at(ends), at(ends, GRACE_MS), at(ends + GRACE_MS - 1, GRACE_MS), at(ends + GRACE_MS, GRACE_MS)],
    ['good', 'expired', 'good, expired', 'good, expired', 'expired'],
  )
})

test('a proof of the exercise of a fall-back is good for nobody, whomever it is verified for', () => {
  const exercise = signJws(key, { ...claimsAt(NOW), aud: EXERCISE_AUDIENCE })
  const { audience: _any, ...whoever } = expected
  assert.equal(said(verifyProof(exercise, whoever)), 'wrong audience')
  assert.equal(said(verifyProof(exercise, { ...expected, audience: EXERCISE_AUDIENCE })), 'wrong audience')
})

test('a proof of a session of fail-over gets no grace', () => {
  const standIn = signJws(key, { ...claimsAt(NOW), amr: ['otp', 'failover'] })
  assert.equal(said(verifyProof(standIn, { ...expected, nowMs: NOW + 299_999, graceMs: GRACE_MS })), 'good')
  assert.equal(said(verifyProof(standIn, { ...expected, nowMs: NOW + 300_000, graceMs: GRACE_MS })), 'expired')
})

test('a proof that was cut short by the end of its session gets no grace', () => {
  const short = signJws(key, claimsAt(NOW, { exp: NOW / 1000 + 120 }))
  assert.equal(said(verifyProof(short, { ...expected, nowMs: NOW + 119_999, graceMs: GRACE_MS })), 'good')
  assert.equal(said(verifyProof(short, { ...expected, nowMs: NOW + 120_000, graceMs: GRACE_MS })), 'expired')
})

test('a key that is not known is no verdict about the proof', () => {
  const verdict = verifyProof(good, { ...expected, keys: { keys: [makeKey('key_2').public] } })
  assert.deepEqual(verdict, { outcome: 'unknown-key', kid: 'key_1' })
  assert.equal(verifyProof(good, { ...expected, keys: { keys: [] } }).outcome, 'unknown-key')
})

test('hostile and damaged tokens are refused', async (context) => {
  const foreign = makeKey('key_1')
  const pem = createPublicKey({ key: { ...key.public }, format: 'jwk' }).export({ format: 'pem', type: 'spki' })
  const hs256 = (secret: string | Buffer) => {
    const content = `${encode({ alg: 'HS256', typ: 'hf-session+jwt', kid: 'key_1' })}.${body}`
    return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
  }
  const der = () => {
    const content = `${head}.${body}`
    return `${content}.${sign('sha256', Buffer.from(content), key.privateKey).toString('base64url')}`
  }
  const twice = Buffer.from(`{"alg":"none","alg":"ES256","typ":"hf-session+jwt","kid":"key_1"}`).toString('base64url')
  const jws = (header: Record<string, unknown>) => signJws(key, claimsAt(NOW), header)
  const claiming = (change: Record<string, unknown>) => signJws(key, { ...claimsAt(NOW), ...change })

  const corpus: [what: string, token: string, why: BadProof][] = [
    ['nothing', '', 'not a compact JWS'],
    ['a word', 'hello', 'not a compact JWS'],
    ['dots', '..', 'not a compact JWS'],
    ['no signature', `${head}.${body}.`, 'not a compact JWS'],
    ['two segments', `${head}.${body}`, 'not a compact JWS'],
    ['a segment twice', `${head}.${body}.${body}.${signature}`, 'not a compact JWS'],
    ['an encrypted token', `${head}.${body}.a.b.${signature}`, 'not a compact JWS'],
    ['huge', `${head}.${'A'.repeat(PROOF_LENGTH_MAX)}.${signature}`, 'too long'],
    [
      'alg none',
      `${encode({ alg: 'none', typ: 'hf-session+jwt', kid: 'key_1' })}.${body}.${signature}`,
      'wrong algorithm',
    ],
    ['alg none, in capitals', jws({ alg: 'NONE' }), 'wrong algorithm'],
    ['alg ES256 in small letters', jws({ alg: 'es256' }), 'wrong algorithm'],
    ['HS256 with the public key in PEM', `${hs256(pem).slice(0, -43)}${'A'.repeat(86)}`, 'wrong algorithm'],
    ['HS256, signature as it is', hs256(pem), 'not base64url'],
    ['ES384', jws({ alg: 'ES384' }), 'wrong algorithm'],
    ['no algorithm', jws({ alg: undefined }), 'wrong algorithm'],
    ['an id token of ours', jws({ typ: 'JWT' }), 'wrong type'],
    ['no type', jws({ typ: undefined }), 'wrong type'],
    ['its own key', jws({ jwk: foreign.public }), 'bad header'],
    ['an address of keys', jws({ jku: 'https://evil.test/jwks.json' }), 'bad header'],
    ['an address of a certificate', jws({ x5u: 'https://evil.test/cert' }), 'bad header'],
    ['a certificate', jws({ x5c: ['AAAA'] }), 'bad header'],
    ['something critical', jws({ crit: ['b64'], b64: false }), 'bad header'],
    ['no key id', jws({ kid: undefined }), 'bad header'],
    ['a key id that is a number', jws({ kid: 1 }), 'bad header'],
    ['a key id that is a path', jws({ kid: `../${'a'.repeat(200)}` }), 'bad header'],
    ['a header that is a list', `${encode([])}.${body}.${signature}`, 'bad header'],
    ['a header that is no JSON', `${Buffer.from('{').toString('base64url')}.${body}.${signature}`, 'bad header'],
    [
      'a header in bad UTF-8',
      `${Buffer.from([0x22, 0xff, 0x22]).toString('base64url')}.${body}.${signature}`,
      'bad header',
    ],
    ['an algorithm said twice', `${twice}.${body}.${signature}`, 'bad signature'],
    ['signed by another key of the same name', signJws(foreign, claimsAt(NOW)), 'bad signature'],
    ['another content', `${head}.${encode(claimsAt(NOW, { sub: 'usr_eve' }))}.${signature}`, 'bad signature'],
    ['a signature of zeros', `${head}.${body}.${'A'.repeat(86)}`, 'bad signature'],
    ['a signature in DER', der(), 'not base64url'],
    ['padding', `${good}==`, 'not base64url'],
    ['padding in the middle', `${head}=.${body}.${signature}`, 'not base64url'],
    ['plain base64', `${head}.${body}+/.${signature}`, 'not base64url'],
    ['a space', ` ${good}`, 'not base64url'],
    ['a newline at the end', `${good}\n`, 'not base64url'],
    ['a second spelling of the signature', `${head}.${body}.${otherSpelling(signature)}`, 'not base64url'],
    ['exp as text', claiming({ exp: String(NOW / 1000 + 300) }), 'bad claims'],
    ['no exp', claiming({ exp: undefined }), 'bad claims'],
    ['exp of never', claiming({ exp: 1e300 }), 'bad claims'],
    ['exp before iat', claiming({ exp: NOW / 1000 - 1 }), 'bad claims'],
    ['a life of a year', claiming({ exp: NOW / 1000 + 31_536_000 }), 'bad claims'],
    ['audiences as a list', claiming({ aud: ['app_test'] }), 'bad claims'],
    ['no session', claiming({ sid: '' }), 'bad claims'],
    ['methods that are no list', claiming({ amr: 'otp' }), 'bad claims'],
    ['a name that is a number', claiming({ name: 7 }), 'bad claims'],
    ['claims that are null', signJws(key, null), 'bad claims'],
    ['another audience', claiming({ aud: 'app_other' }), 'wrong audience'],
    ['another issuer', claiming({ iss: 'https://id.evil.test' }), 'wrong issuer'],
    ['from the future', signJws(key, claimsAt(NOW + 120_000)), 'not yet valid'],
    ['expired', signJws(key, claimsAt(NOW - 300_000)), 'expired'],
  ]
  const proofs = new ProofCache()
  for (const [what, token, why] of corpus) {
    await context.test(what, () => {
      assert.deepEqual(verifyProof(token, expected), { outcome: 'bad', why })
      assert.deepEqual(proofs.verify(token, expected), { outcome: 'bad', why })
    })
  }
  assert.equal(proofs.size, 0)
})

test('a key that is not ours to use verifies nothing', () => {
  const odd = [
    { ...key.public, use: 'enc' },
    { ...key.public, crv: 'P-384' },
    { ...key.public, x: 'AAAA' },
    { kid: 'key_1' },
  ]
  for (const each of odd) {
    assert.equal(verifyProof(good, { ...expected, keys: { keys: [each] } as unknown as KeySet }).outcome, 'unknown-key')
  }
})

test('a garbled proof never verifies', () => {
  const edits = record({
    at: integer({ min: 0, max: good.length - 1 }),
    length: integer({ min: 0, max: 3 }),
    text: string({ maxLength: 4 }),
  })
  assertProperty(
    property(array(edits, { minLength: 1, maxLength: 4 }), (list) => {
      const garbled = list.reduce(
        (text, { at, length, text: put }) => text.slice(0, at) + put + text.slice(at + length),
        good,
      )
      const verdict = verifyProof(garbled, expected)
      assert.ok(garbled === good || verdict.outcome !== 'good', garbled)
    }),
    { numRuns: 2000 },
  )
})

test('whatever is put together from parts of good proofs, only a whole one verifies', () => {
  const others = [good, signJws(key, claimsAt(NOW, { sid: 'ses_2' })), VECTOR.token].map((token) => token.split('.'))
  const part = (index: number) => constantFrom(...others.map((parts) => parts[index]!), '', 'e30')
  assertProperty(
    property(tuple(part(0), part(1), part(2)), (parts) => {
      const isWhole = others.some((other) => other.join('.') === parts.join('.'))
      assert.ok(isWhole || verifyProof(parts.join('.'), expected).outcome !== 'good')
    }),
    { numRuns: 500 },
  )
})

test('a signature is remembered, and what depends on time and asker is judged each time', () => {
  const proofs = new ProofCache()
  assert.equal(said(proofs.verify(good, expected)), 'good')
  assert.equal(proofs.size, 1)
  assert.equal(said(proofs.verify(good, { ...expected, audience: 'app_other' })), 'wrong audience')
  assert.equal(said(proofs.verify(good, { ...expected, nowMs: NOW + 300_000, graceMs: GRACE_MS })), 'good, expired')
  assert.equal(proofs.size, 1)
  assert.equal(said(proofs.verify(good, { ...expected, nowMs: NOW + 300_000 })), 'expired')
  assert.equal(proofs.size, 0)
})

test('what was remembered is the whole proof: one that differs by one character is looked at itself', () => {
  const proofs = new ProofCache()
  // Cut out of a header, as a browser's is.
  assert.equal(said(proofs.verify(`hf_proof=${good}; a=b`.slice(9, 9 + good.length), expected)), 'good')
  for (let at = 0; at < good.length; at++) {
    const tampered = good.slice(0, at) + (good[at] === 'A' ? 'B' : 'A') + good.slice(at + 1)
    assert.notEqual(proofs.verify(tampered, expected).outcome, 'good')
  }
  assert.equal(proofs.verify(`${good} `, expected).outcome, 'bad')
  assert.equal(proofs.size, 1)
  assert.equal(said(proofs.verify(good, expected)), 'good')
})

test('what an app does to the session of one answer is not in the next', () => {
  const claims = claimsAt(NOW, { roles: ['member'] })
  const session = sessionOfClaims(claims)
  session.roles.push('owner')
  session.amr.push('mfa')
  assert.deepEqual([sessionOfClaims(claims).roles, sessionOfClaims(claims).amr], [['member'], claimsAt(NOW).amr])
})

test('a key that was withdrawn takes its verdicts with it', () => {
  const proofs = new ProofCache()
  proofs.verify(good, expected)
  assert.equal(proofs.verify(good, { ...expected, keys: { keys: [] } }).outcome, 'unknown-key')
  const impostor = { keys: [makeKey('key_1').public] }
  assert.equal(said(proofs.verify(good, { ...expected, keys: impostor })), 'bad signature')
})

test('the memory of proofs is bounded, and the oldest goes first', () => {
  const proofs = new ProofCache(3)
  const tokens = ['ses_a', 'ses_b', 'ses_c', 'ses_d'].map((sid) => signJws(key, claimsAt(NOW, { sid })))
  for (const token of tokens) assert.equal(said(proofs.verify(token, expected)), 'good')
  assert.equal(proofs.size, 3)
  for (const token of tokens) assert.equal(said(proofs.verify(token, expected)), 'good')
})

function said(verdict: ProofVerdict): string {
  if (verdict.outcome === 'bad') return verdict.why
  if (verdict.outcome === 'unknown-key') return verdict.outcome
  return verdict.isExpired ? 'good, expired' : 'good'
}

/** The last of 86 characters carries four bits that are nobody's: they can be set without changing a byte. */
function otherSpelling(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) ^ 1]!
}

test('claims are what the contract says', () => {
  const verdict = verifyProof(good, expected)
  assert.deepEqual(verdict.outcome === 'good' && verdict.claims, claimsAt(NOW) satisfies ProofClaims)
})

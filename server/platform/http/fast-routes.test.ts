import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCookie } from 'cookie'
import fc from 'fast-check'
import { type FastCall, json, on, plainCookies } from './index.ts'
import { openTestServer } from './testing.ts'

const said = { name: 'Zoë', n: 1 }
const BODY = JSON.stringify(said)

/** The same answer by both ways; `fast` tells which one was asked. */
function routes(fast: (call: FastCall) => { json: string; headers?: string[] } | undefined) {
  return [
    on('GET /v1/fast', { summary: 'Fast', tag: 'test', fast }, () => json(200, said, { headers: { 'x-more': 'yes' } })),
    on('GET /v1/slow', { summary: 'Slow', tag: 'test' }, () => json(200, said, { headers: { 'x-more': 'yes' } })),
  ]
}

const request = (line: string, ...headers: string[]) =>
  [`${line} HTTP/1.1`, 'host: a', 'connection: close', ...headers, '', ''].join('\r\n')
const withoutDate = (text: string) => text.replace(/^date: .*$/im, '')

for (const origin of ['http://localhost:4000', 'https://id.acme.example']) {
  test(`a fast answer is the ordinary one, byte by byte (${origin})`, async () => {
    await using server = await openTestServer(
      routes(() => ({ json: BODY, headers: ['x-more', 'yes'] })),
      { origin },
    )
    const [fast, slow] = [await server.sendRaw(request('GET /v1/fast')), await server.sendRaw(request('GET /v1/slow'))]
    assert.match(fast, /^HTTP\/1\.1 200 OK\r\n/)
    assert.equal(withoutDate(fast), withoutDate(slow))
  })
}

test('what a fast route leaves alone, and every method but GET, goes the ordinary way', async () => {
  const asked: FastCall[] = []
  await using server = await openTestServer(
    routes((call) => {
      asked.push(call)
      return undefined
    }),
  )
  const check = async (line: string, ...headers: string[]) => {
    const [fast, slow] = [line, line.replace('/v1/fast', '/v1/slow')].map((each) => request(each, ...headers))
    assert.equal(withoutDate(await server.sendRaw(fast!)), withoutDate(await server.sendRaw(slow!)))
  }
  await check('GET /v1/fast?a=%20b')
  assert.equal(asked.at(-1)?.query, 'a=%20b')
  const seen = asked.length
  await check('HEAD /v1/fast')
  await check('DELETE /v1/fast')
  await check('OPTIONS /v1/fast')
  await check('GET /v1/fast/')
  await check('GET /v1/fast', `cookie: a=${'b'.repeat(17_000)}`)
  await check('GET /v1/fast', 'content-length: 0')
  assert.equal(asked.length, seen)
})

test('a fast route that fails, or says what no header can hold, is answered by the ordinary one', async () => {
  for (const fast of [() => assert.fail('a bug'), () => ({ json: BODY, headers: ['x-more', 'a\nb'] })]) {
    await using server = await openTestServer(routes(fast))
    const { status, text } = await server.ask('/v1/fast')
    assert.deepEqual([status, text], [200, BODY])
  }
})

test('what was answered fast is counted under its pattern', async () => {
  await using server = await openTestServer(routes(() => ({ json: BODY })))
  await server.ask('/v1/fast?a=b')
  assert.deepEqual(server.seen, [{ route: 'GET /v1/fast', status: 200 }])
})

test('plain cookies are those that the ordinary parser reads, or none of them', () => {
  const piece = fc.constantFrom(
    'hf',
    'hf_a',
    '=',
    ';',
    '; ',
    ' ',
    '\t',
    'x',
    '%41',
    '"',
    'x.y-z',
    'other=1',
    'hf=',
    'hf_a=',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const header = pieces.join('')
      const plain = plainCookies(header, ['hf', 'hf_a'])
      if (!plain) return
      const { hf, hf_a } = parseCookie(header)
      assert.deepEqual([plain.hf, plain.hf_a], [hf, hf_a])
    }),
    { numRuns: 5000 },
  )
})

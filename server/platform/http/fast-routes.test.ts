import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCookie } from 'cookie'
import fc from 'fast-check'
import { Type } from 'typebox'
import { type FastAnswer, type FastCall, json, on, plainCookies } from './index.ts'
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

/** A POST that both ways answer alike: with what came. */
function echoing(fast: (call: FastCall) => FastAnswer | undefined) {
  const body = Type.Unknown()
  return [
    on('POST /v1/fast', { summary: 'Fast', tag: 'test', body, fast }, (call) => json(200, call.body ?? null)),
    on('POST /v1/slow', { summary: 'Slow', tag: 'test', body }, (call) => json(200, call.body ?? null)),
  ]
}
const posted = (path: string, body: string | Buffer, ...headers: string[]) =>
  Buffer.concat([
    Buffer.from(request(`POST ${path}`, 'content-type: application/json', ...headers).slice(0, -2)),
    Buffer.from(`content-length: ${Buffer.byteLength(body)}\r\n\r\n`),
    Buffer.from(body),
  ])

test('a body is read before the framework, and the answer is the ordinary one, byte by byte', async () => {
  await using server = await openTestServer(echoing(({ body }) => ({ json: body === '' ? 'null' : body })))
  for (const body of ['', '{"a":"Zo\u00eb"}', `{"a":"${'b'.repeat(60_000)}"}`]) {
    const [fast, slow] = [
      await server.sendRaw(posted('/v1/fast', body)),
      await server.sendRaw(posted('/v1/slow', body)),
    ]
    assert.match(fast, /^HTTP\/1\.1 200 OK\r\n/)
    assert.equal(withoutDate(fast), withoutDate(slow))
  }
  assert.deepEqual(server.seen.at(-2), { route: 'POST /v1/fast', status: 200 })
})

test('a body that nobody can answer at once is read again by the ordinary route, or refused there', async () => {
  const asked: string[] = []
  await using server = await openTestServer(
    echoing(({ body }) => {
      asked.push(body)
      return undefined
    }),
  )
  const check = async (body: string | Buffer, ...headers: string[]) => {
    const [fast, slow] = ['/v1/fast', '/v1/slow'].map((path) => posted(path, body, ...headers))
    const said = [await server.sendRaw(fast!), await server.sendRaw(slow!)].map(withoutDate)
    assert.equal(said[0], said[1])
    return said[0]!
  }
  assert.match(await check('{"a":1}'), /200 OK[\s\S]*\{"a":1\}$/)
  assert.match(await check('{"a":'), /request\.bad_json/)
  assert.equal(asked.length, 2)
  // None of these is shown: the ordinary parser knows what to say.
  for (const body of ['{"__proto__":1}', '{"\\u005f_proto__":1}', Buffer.from([0x22, 0xff, 0x22])]) {
    assert.match(await check(body), / 400 /)
  }
  assert.match(await check(`"${'a'.repeat(70_000)}"`), /request\.too_large/)
  assert.equal(asked.length, 2)
})

test('a client that goes away in the middle of its body is answered by nobody, and harms nobody', async () => {
  await using server = await openTestServer(echoing(() => ({ json: '1' })))
  const socket = await server.dial()
  socket.write('POST /v1/fast HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"a"')
  socket.destroy()
  const { status } = await server.ask('/v1/fast', { method: 'POST' })
  assert.equal(status, 200)
  assert.deepEqual(server.seen, [{ route: 'POST /v1/fast', status: 200 }])
})

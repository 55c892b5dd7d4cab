import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Type } from 'typebox'
import { json, on, page, redirect } from './index.ts'
import { openTestServer, type TestServer } from './testing.ts'

const Thing = Type.Object({ name: Type.String({ maxLength: 20 }), count: Type.Optional(Type.Integer()) })
const Query = Type.Object({ limit: Type.Optional(Type.Integer({ maximum: 10 })) })

let bodies: unknown[]
let web: TestServer
before(async () => {
  bodies = []
  const said = { tag: 'test', summary: 'Test' }
  web = await openTestServer([
    on('POST /things', { ...said, body: Thing }, (call) => {
      bodies.push(call.body)
      return json(200, call.body)
    }),
    on('POST /forms', { ...said, kind: 'page' }, (call) => {
      bodies.push(call.body)
      return page(200, 'taken')
    }),
    on('GET /things', { ...said, query: Query }, (call) => json(200, call.query)),
    on('GET /things/{id}', said, (call) => json(200, call.params)),
    on('GET /cookies', said, (call) => json(200, call.cookies)),
    on('GET /away', said, () => redirect('/a\r\nset-cookie: planted=1\u2028ä')),
    on('GET /planted', said, () => json(200, {}, { headers: { 'x-name': 'a\r\nset-cookie: planted=1' } })),
  ])
})
after(() => web[Symbol.asyncDispose]())

const send = (body: string | Buffer, type = 'application/json', path = '/things') =>
  web.ask(path, { method: 'POST', body: body as string, headers: { 'content-type': type } })
const FORM = 'application/x-www-form-urlencoded'

/** Refused with this status and code, and nothing of it reached a handler. */
async function refused(answer: ReturnType<typeof send>, status: number, code: string): Promise<string> {
  const before = bodies.length
  const { status: got, problem, headers, text } = await answer
  assert.deepEqual([got, problem?.code], [status, code], text)
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.equal(problem.type, `http://localhost:4000/docs/problems#${code}`)
  assert.equal(problem.status, status)
  assert.equal(bodies.length, before)
  assert.deepEqual(web.complaints, [])
  return problem.detail
}

test('a body that fits is taken as it is', async () => {
  const { status, text } = await send('{"name":"ä€𝄞","count":3}')
  assert.deepEqual([status, JSON.parse(text)], [200, { name: 'ä€𝄞', count: 3 }])
})

test('a body above 64 KiB is refused, whether it says so or not', async () => {
  await refused(send(JSON.stringify({ name: 'x'.repeat(70_000) })), 413, 'request.too_large')
  const chunk = 'x'.repeat(70_000)
  const answer = await web.sendRaw(
    `POST /things HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`,
  )
  assert.match(answer, /^HTTP\/1\.1 413 /)
})

test('invalid UTF-8 is refused in JSON and in a form, and not repeated', async () => {
  const json = Buffer.concat([Buffer.from('{"name":"482913'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
  for (const bytes of [json, Buffer.from([0xff]), Buffer.from([0xed, 0xa0, 0x80])]) {
    assert.doesNotMatch(await refused(send(bytes), 400, 'request.bad_utf8'), /482913/)
  }
  await refused(send(Buffer.from([0x61, 0x3d, 0xff]), FORM), 400, 'request.bad_utf8')
  for (const form of ['name=%ff', 'name=%', 'name=%zz', '%c3%28=1']) {
    await refused(send(form, FORM), 400, 'request.bad_utf8')
  }
})

test('what is no JSON is refused, and not repeated', async () => {
  for (const body of ['{', '482913x', '{"name":"a",}', "{'name':'a'}", '[1,2', '\u0000']) {
    assert.doesNotMatch(await refused(send(body), 400, 'request.bad_json'), /482913/)
  }
})

test('a prototype cannot be reached by JSON or by a form', async () => {
  for (const body of [
    '{"__proto__":{"isAdministrator":true},"name":"a"}',
    '{"name":"a","constructor":{"prototype":{"x":1}}}',
  ]) {
    await refused(send(body), 400, 'request.bad_json')
  }
  for (const form of ['__proto__=x', 'name=a&constructor=x', 'prototype=1', '__pro%74o__=x']) {
    await refused(send(form, FORM), 400, 'request.bad_form')
  }
  assert.equal(({} as { isAdministrator?: boolean }).isAdministrator, undefined)
})

test('a field that comes twice is refused, not guessed at', async () => {
  for (const form of ['name=a&name=b', 'name=a&nam%65=b', 'name&name']) {
    await refused(send(form, FORM), 400, 'request.bad_form')
  }
})

test('a form with more than fifty fields is refused', async () => {
  const fields = (count: number) => Array.from({ length: count }, (_, n) => `f${n}=1`).join('&')
  await refused(send(fields(51), FORM), 400, 'request.bad_form')
  const { text } = await send(fields(50), FORM, '/forms')
  assert.equal(text, 'taken')
})

test('a plain form is read: plus is a space, and text may be any', async () => {
  await send('a=1+2&b=%26%3d&c=%C3%A4&d=&e', FORM, '/forms')
  assert.deepEqual(bodies.at(-1), { a: '1 2', b: '&=', c: 'ä', d: '', e: '' })
})

test('a content type that is not ours is refused', async () => {
  for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'application/jsonp']) {
    await refused(send('{"name":"a"}', type), 415, 'request.media_type')
  }
  const bare = Buffer.from('{"name":"a"}')
  const answer = await web.sendRaw(
    `POST /things HTTP/1.1\r\nhost: a\r\ncontent-length: ${bare.length}\r\nconnection: close\r\n\r\n${bare}`,
  )
  assert.match(answer, /^HTTP\/1\.1 415 /)
})

test('JSON that nests as deep as a body can be is refused or read, and stops nobody', async () => {
  const deep = 32_000
  await refused(send('['.repeat(deep) + ']'.repeat(deep)), 400, 'request.invalid')
  await refused(send('{"a":'.repeat(10_000)), 400, 'request.bad_json')
  await refused(send(`{"name":${'['.repeat(deep)}${']'.repeat(deep)}}`), 400, 'request.invalid')
  assert.equal((await send('{"name":"a"}')).status, 200)
})

test('JSON is held to its types: a number is no text, null is not the empty text, a list is not its one item', async () => {
  for (const body of [
    '{"name":5}',
    '{"name":null}',
    '{"name":["a"]}',
    '{}',
    '[]',
    'null',
    '5',
    '""',
    '{"name":"a","count":"3"}',
  ]) {
    await refused(send(body), 400, 'request.invalid')
  }
  await refused(send(''), 400, 'request.invalid')
  await refused(web.ask('/things', { method: 'POST' }), 400, 'request.invalid')
})

test('what does not fit is named by its place and not by what was sent', async () => {
  const detail = await refused(send('{"name":"482913482913482913482913"}'), 400, 'request.invalid')
  assert.match(detail, /body\/name must not have more than 20 characters/i)
  assert.doesNotMatch(detail, /482913/)
})

test('an address is text by nature: a number in it is a number', async () => {
  assert.equal((await web.ask('/things?limit=5')).text, '{"limit":5}')
  for (const query of ['limit=11', 'limit=five', 'limit=1&limit=2', 'limit=', 'limit=true', 'limit=05', 'limit=1e0']) {
    await refused(web.ask(`/things?${query}`), 400, 'request.invalid')
  }
})

test('so is a form', async () => {
  assert.deepEqual((await send('name=5&count=7', FORM)).text, '{"name":"5","count":7}')
  for (const form of ['name=a&count=', 'name=a&count=7.5', 'count=7'])
    await refused(send(form, FORM), 400, 'request.invalid')
})

test('bad percent-encoding is refused in the path and in the query', async () => {
  for (const path of [
    '/things/%',
    '/things/%ff',
    '/things/%zz',
    '/things?limit=%',
    '/things?%ff=1',
    '/nowhere?x=%c3%28',
    '/things/a%00b',
    '/things?limit=%00',
  ]) {
    const answer = await web.sendRaw(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 400 /, path)
    assert.match(answer, /"code":"request\.bad_url"/, path)
    assert.match(answer, /x-content-type-options: nosniff/i, path)
  }
})

test('an address longer than 8 KiB is refused', async () => {
  await refused(web.ask(`/things?x=${'a'.repeat(9000)}`), 414, 'request.url_too_long')
  await refused(web.ask(`/${'a'.repeat(9000)}`), 414, 'request.url_too_long')
})

test('cookies above 16 KiB are refused unread, and other headers with them', async () => {
  await refused(
    web.ask('/cookies', { headers: { cookie: `a=${'x'.repeat(17_000)}` } }),
    431,
    'request.headers_too_large',
  )
  const answer = await web.sendRaw(`GET /cookies HTTP/1.1\r\nhost: a\r\nx-much: ${'x'.repeat(40_000)}\r\n\r\n`)
  assert.match(answer, /^HTTP\/1\.1 431 [\s\S]*"code":"request\.headers_too_large"/)
})

test('cookies that are damaged harm nobody', async () => {
  const { status, text } = await web.ask('/cookies', {
    headers: { cookie: 'a=%ff; ; =x; __proto__=1; b="c"; a=second' },
  })
  assert.equal(status, 200)
  const read = JSON.parse(text) as Record<string, string>
  assert.equal(read.a, '%ff')
})

test('a line break in what is answered begins no header', async () => {
  const away = await web.sendRaw('GET /away HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  assert.match(away, /^HTTP\/1\.1 303 /)
  assert.match(away, /\r\nlocation: \/a%0D%0Aset-cookie:%20planted=1%E2%80%A8%C3%A4\r\n/i)
  assert.doesNotMatch(away, /\r\nset-cookie/i)

  const planted = await web.sendRaw('GET /planted HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  assert.match(planted, /^HTTP\/1\.1 500 [\s\S]*"code":"platform\.bug"/)
  assert.doesNotMatch(planted, /\r\nset-cookie/i)
  assert.equal(web.complaints.splice(0).length, 1)
})

test('what is no HTTP is answered once, as a problem, and the connection is closed', async () => {
  const hostile: [bytes: string, status: number][] = [
    ['nonsense\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nhost: a\r\nhost : b\r\n\r\n', 400],
    ['POST /things HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['POST /things HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!', 400],
    ['GET / HTTP/1.1\r\nhost: a\r\nx: a\rb\r\n\r\n', 400],
  ]
  for (const [bytes, status] of hostile) {
    const answer = await web.sendRaw(`${bytes}GET /things HTTP/1.1\r\nhost: smuggled\r\n\r\n`)
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), bytes)
    assert.equal(answer.match(/HTTP\/1\.1/g)?.length, 1, bytes)
  }
  assert.deepEqual(web.complaints, [])
})

test('a client that hangs up in the middle of its body is no fault of ours', async () => {
  const socket = await web.dial()
  socket.write('POST /things HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"na')
  await new Promise((resolve) => setImmediate(resolve))
  socket.destroy()
  assert.equal((await send('{"name":"a"}')).status, 200)
  assert.deepEqual(web.complaints, [])
})

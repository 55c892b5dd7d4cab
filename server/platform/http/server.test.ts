import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { DatabaseOutage } from '../database/index.ts'
import { refusals } from '../refusal.ts'
import { makeTestFolder, removeTestFolder } from '../testing/index.ts'
import { events, json, on, page, text } from './index.ts'
import { openTestServer } from './testing.ts'

const said = { tag: 'test', summary: 'Test' }
const refuse = refusals('test', { slow_down: [429, 'Slow down.'], spent: [410, 'Used up by {who}.'] })
const HTML = { accept: 'text/html,application/xhtml+xml' }

const CONSTANT: Record<string, string> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

test('every answer bears the security headers: pages, JSON, files, refusals, bugs and nothing', async () => {
  const folder = await makeTestFolder()
  await writeFile(join(folder, 'index.html'), '<p>app</p>')
  await writeFile(join(folder, 'style-abcdefgh.css'), 'p {}')
  await using web = await openTestServer(
    [
      on('GET /json', said, () => json(200, {})),
      on('GET /page', { ...said, kind: 'page' }, () => page(200, '<p>page</p>')),
      on('GET /text', said, () => text(200, 'text/plain', 'text')),
      on('GET /bug', said, () => {
        throw new Error('secret detail')
      }),
      on('GET /bug-page', { ...said, kind: 'page' }, () => {
        throw new Error('secret detail')
      }),
    ],
    { folders: [{ prefix: '/app/', folder, page: 'index.html', policy: "default-src 'self'" }] },
  )
  const paths = ['/json', '/page', '/text', '/bug', '/bug-page', '/nowhere', '/app/', '/app/deep/link', '/app/no.css']
  for (const path of [
    ...paths,
    '/app/style-abcdefgh.css',
    '/docs/problems',
    '/docs/',
    '/openapi.json',
    '/page?x=%ff',
    '/%ff',
  ]) {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      const { headers } = await web.ask(path, { method, headers: HTML })
      for (const [name, value] of Object.entries(CONSTANT)) assert.equal(headers.get(name), value, `${method} ${path}`)
      if (headers.get('content-type')?.startsWith('text/html')) {
        assert.match(headers.get('content-security-policy') ?? '', /default-src/, `${method} ${path}`)
      }
    }
  }
  removeTestFolder(folder)
})

test('an https origin asks browsers to stay on https', async () => {
  await using web = await openTestServer([on('GET /x', said, () => json(200, {}))], {
    origin: 'https://login.acme.test',
  })
  const { headers } = await web.ask('/x')
  assert.equal(headers.get('strict-transport-security'), 'max-age=31536000; includeSubDomains')
  const unreadable = await web.sendRaw('nonsense\r\n\r\n')
  assert.match(unreadable, /strict-transport-security: /)
})

test('a bug is told by an incident and nothing else, and logged with what it was', async () => {
  await using web = await openTestServer([
    on('GET /bug/{id}', said, () => {
      throw new TypeError('the password is hunter2')
    }),
  ])
  const { status, text: body, problem } = await web.ask('/bug/t0ken?secret=1')
  assert.equal(status, 500)
  assert.deepEqual(Object.keys(problem).sort(), ['code', 'detail', 'incident', 'status', 'title', 'type'])
  assert.doesNotMatch(body, /hunter2|TypeError|\.ts|t0ken/)
  const [[fields, sentence]] = web.complaints as [[{ err: Error; route: string; incident: string }, string]]
  assert.equal(fields.err.message, 'the password is hunter2')
  assert.equal(fields.incident, problem.incident)
  assert.equal(fields.route, '/bug/{id}')
  assert.equal(sentence, 'a bug answered a request')
})

test('what a handler had set before it failed is not sent with the failure', async () => {
  await using web = await openTestServer([
    on('GET /half', said, () =>
      json(200, {}, { cookies: [{ name: 'a', value: 'b', isSecure: false }], headers: { 'x-bad': 'ä€' } }),
    ),
  ])
  const { status, headers } = await web.ask('/half')
  assert.equal(status, 500)
  assert.equal(headers.get('set-cookie'), null)
})

test('an outage is 503, unknown, with when to come back; and no complaint, however many ask', async () => {
  await using web = await openTestServer([
    on('GET /out', said, () => {
      throw new DatabaseOutage('failed', 'it hangs')
    }),
    on('GET /out-page', { ...said, kind: 'page' }, () => {
      throw new DatabaseOutage('unknown', 'it hangs')
    }),
  ])
  const { status, headers, problem } = await web.ask('/out')
  assert.equal(status, 503)
  assert.equal(headers.get('retry-after'), '2')
  assert.equal(problem.verdict, 'unknown')
  assert.equal(problem.code, 'platform.database_unavailable')
  const html = await web.ask('/out-page')
  assert.deepEqual([html.status, html.headers.get('retry-after')], [503, '2'])
  assert.equal(html.text, '<p>platform.database_unavailable</p>')
  assert.deepEqual(web.complaints, [])
})

test('a refusal is a problem document with its facts, and 429 says when to come back', async () => {
  await using web = await openTestServer([
    on('GET /spent', said, () => {
      throw refuse('spent', { who: 'ana', _digest: 'only for the log' })
    }),
    on('GET /fast', said, () => {
      throw refuse('slow_down', { retry_after_s: 7 })
    }),
  ])
  const spent = await web.ask('/spent')
  assert.deepEqual(spent.problem, {
    type: 'http://localhost:4000/docs/problems#test.spent',
    title: 'Gone',
    status: 410,
    code: 'test.spent',
    detail: 'Used up by ana.',
    who: 'ana',
  })
  assert.equal((await web.ask('/fast')).headers.get('retry-after'), '7')
})

test('an address that is not there is a page for people and a problem for programs', async () => {
  await using web = await openTestServer([])
  const program = await web.ask('/nowhere')
  assert.deepEqual([program.status, program.problem.code], [404, 'request.not_found'])
  const person = await web.ask('/nowhere', { headers: HTML })
  assert.deepEqual([person.status, person.text], [404, '<p>request.not_found</p>'])
  assert.equal((await web.ask('/nowhere', { method: 'POST', headers: HTML })).problem.code, 'request.not_found')
})

test('a method that an address does not answer is 405 with those that it does', async () => {
  let deletions = 0
  await using web = await openTestServer([
    on('GET /things/{id}', said, () => json(200, {})),
    on('DELETE /things/{id}', said, () => {
      deletions += 1
      return json(200, {})
    }),
    on('POST /form', { ...said, kind: 'page' }, () => page(200, 'done')),
  ])
  for (const method of ['POST', 'PUT', 'PATCH']) {
    // Before its body is read: what is refused anyway need not be sent.
    const { status, headers, problem } = await web.ask('/things/1', {
      method,
      body: 'not json',
      headers: { 'content-type': 'x/y' },
    })
    assert.deepEqual([status, problem.code], [405, 'request.method_not_allowed'])
    assert.equal(headers.get('allow'), 'GET, DELETE, HEAD')
    assert.equal(problem.detail, `This address answers GET, DELETE, HEAD, and not ${method}.`)
  }
  const options = await web.ask('/things/1', { method: 'OPTIONS' })
  assert.deepEqual([options.status, options.headers.get('allow')], [204, 'GET, DELETE, HEAD'])
  const person = await web.ask('/form', { headers: HTML })
  assert.deepEqual([person.status, person.text], [405, '<p>request.method_not_allowed</p>'])
  assert.equal(deletions, 0)
})

test('HEAD is a GET without its body, runs its handler once, and starts no stream', async () => {
  const ran: string[] = []
  let streams = 0
  await using web = await openTestServer([
    on('GET /page', { ...said, kind: 'page' }, (call) => {
      ran.push(call.method)
      return page(200, 'ä page', { headers: { 'x-extra': '1' } })
    }),
    on('GET /stream', said, () =>
      events(() => {
        streams += 1
        return () => {}
      }),
    ),
    on('POST /only', said, () => json(200, {})),
  ])
  const { status, headers, text: body } = await web.ask('/page', { method: 'HEAD' })
  assert.deepEqual([status, body, headers.get('x-extra')], [200, '', '1'])
  assert.equal(headers.get('content-length'), '7')
  assert.deepEqual(ran, ['GET'])
  const stream = await web.ask('/stream', { method: 'HEAD' })
  assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/)
  assert.equal(streams, 0)
  assert.equal((await web.ask('/only', { method: 'HEAD' })).status, 405)
})

test('however many addresses strangers make up, they are one line in the figures', async () => {
  await using web = await openTestServer([on('GET /things/{id}', said, () => json(200, {}))])
  for (const path of ['/a', '/b?c', '/d/e/f', '/things', '/%2e%2e/x', '//evil.test/']) await web.ask(path)
  await web.sendRaw('PROPFIND /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  for (const id of ['1', '2', '3']) await web.ask(`/things/${id}`)
  assert.deepEqual([...new Set(web.seen.map(({ route }) => route))].sort(), ['GET /things/:id', 'unknown'])
})

test('the client’s address is the socket’s, unless a trusted proxy tells of another', async () => {
  const route = on('GET /who', said, (call) => json(200, call.address))
  const ask = async (trustedProxies: string[], ...lines: string[]) => {
    await using web = await openTestServer([route], { trustedProxies })
    const answer = await web.sendRaw(`GET /who HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${lines.join('')}\r\n`)
    return answer.split('\r\n\r\n')[1]
  }
  assert.equal(await ask([], 'x-forwarded-for: 192.0.2.1\r\n'), '"127.0.0.1"')
  assert.equal(await ask(['127.0.0.1'], 'x-forwarded-for: 192.0.2.1\r\n'), '"192.0.2.1"')
  // Two headers are one list: the last line is the one that the proxy itself wrote.
  const two = ['x-forwarded-for: 1.1.1.1\r\n', 'x-forwarded-for: 192.0.2.1\r\n']
  assert.equal(await ask(['127.0.0.0/8'], ...two), '"192.0.2.1"')
})

test('a forwarded request that is not believed reaches no handler', async () => {
  let calls = 0
  const count = () => {
    calls += 1
    return json(200, {})
  }
  await using web = await openTestServer([on('GET /x', said, count), on('POST /y', { ...said, kind: 'page' }, count)], {
    readForwarded() {
      throw refuse('spent', { who: 'the signature' })
    },
  })
  assert.equal((await web.ask('/x')).problem.code, 'test.spent')
  assert.equal((await web.ask('/y', { method: 'POST' })).problem.code, 'test.spent')
  assert.equal((await web.ask('/nowhere', { headers: HTML })).problem.code, 'test.spent')
  assert.equal(calls, 0)
  assert.deepEqual(web.complaints, [])
})

test('the signal of a call aborts when its client has gone, and not before', async () => {
  const started = Promise.withResolvers<AbortSignal>()
  const answered = Promise.withResolvers<AbortSignal>()
  await using web = await openTestServer([
    on('POST /slow', said, async (call) => {
      started.resolve(call.signal)
      await new Promise((resolve) => call.signal.addEventListener('abort', resolve))
      return json(200, {})
    }),
    on('POST /quick', said, async (call) => {
      await new Promise((resolve) => setImmediate(resolve))
      answered.resolve(call.signal)
      return json(200, { aborted: call.signal.aborted })
    }),
  ])
  const body = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }
  assert.equal((await web.ask('/quick', body)).text, '{"aborted":false}')
  assert.equal((await answered.promise).aborted, false)
  const leaving = new AbortController()
  const gone = assert.rejects(web.ask('/slow', { ...body, signal: leaving.signal }), { name: 'AbortError' })
  const signal = await started.promise
  assert.equal(signal.aborted, false)
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
  leaving.abort()
  await gone
  await aborted
})

test('who sends its headers or its body too slowly is answered 408 and let go', async () => {
  await using web = await openTestServer([on('POST /x', said, () => json(200, {}))], {
    patience: { requestMs: 400, headersMs: 200 },
  })
  for (const begun of [
    'POST /x HTTP/1.1\r\nhost: a\r\n',
    'POST /x HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{"a"',
  ]) {
    const answer = await web.sendRaw(begun)
    assert.match(answer, /^HTTP\/1\.1 408 [\s\S]*"code":"request\.too_slow"/)
  }
  assert.deepEqual(web.complaints, [])
})

test('a stop lets what is under way end, and cuts what does not', async () => {
  const arrived = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const web = await openTestServer([
    on('GET /ends', said, async () => {
      arrived.resolve()
      await finish.promise
      return json(200, { done: true })
    }),
    on('GET /never', said, () => new Promise(() => {})),
  ])
  const ending = web.ask('/ends')
  const cut = assert.rejects(web.ask('/never'))
  await arrived.promise
  const stopped = web.server[Symbol.asyncDispose]()
  finish.resolve()
  assert.equal((await ending).text, '{"done":true}')
  await cut
  await stopped
  await assert.rejects(web.ask('/ends'))
})

test('a port that is taken is refused, and nothing is left open', async () => {
  await using web = await openTestServer([])
  await assert.rejects(openTestServer([], { port: web.server.port }), { code: 'EADDRINUSE' })
})

test('two routes on one address and method are a mistake at the start', async () => {
  const twice = on('GET /x', said, () => json(200, {}))
  await assert.rejects(openTestServer([twice, twice]), /already declared/)
})

test('built files are served with their policy, for ever when their name is hashed, and never from outside the folder', async () => {
  const outside = await makeTestFolder()
  const folder = join(outside, 'dist')
  await mkdir(folder)
  await writeFile(join(outside, 'secret.key'), 'secret')
  await writeFile(join(folder, 'app-3fK_9aQ1.js'), 'run()')
  await writeFile(join(folder, 'index.html'), '<p>app</p>')
  await writeFile(join(folder, '.env'), 'secret')
  await using web = await openTestServer([], {
    folders: [
      { prefix: '/app/', folder, page: 'index.html', policy: "default-src 'self'" },
      { prefix: '/unbuilt/', folder: join(outside, 'none-yet'), page: 'index.html', policy: "default-src 'self'" },
    ].filter((each) => each.prefix === '/app/'),
  })
  const hashed = await web.ask('/app/app-3fK_9aQ1.js')
  assert.equal(hashed.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.equal(hashed.headers.get('content-security-policy'), "default-src 'self'")
  const deep = await web.ask('/app/users/usr_1')
  assert.deepEqual([deep.text, deep.headers.get('cache-control')], ['<p>app</p>', 'no-cache'])
  for (const path of [
    '/app/../secret.key',
    '/app/%2e%2e/secret.key',
    '/app/..%2fsecret.key',
    '/app/.env',
    '/app/%5c..%5csecret.key',
  ]) {
    const answer = await web.sendRaw(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
    assert.doesNotMatch(answer, /\r\n\r\nsecret/, path)
  }
  removeTestFolder(outside)
})

test('a form may lead to an origin that is named, and to nothing that is none', async () => {
  await using web = await openTestServer([
    on('GET /named', { ...said, kind: 'page' }, () => page(200, '', { formActions: ['https://app.test'] })),
    on('GET /forged', { ...said, kind: 'page' }, () =>
      page(200, '', { formActions: ["https://a; script-src 'unsafe-inline'"] }),
    ),
  ])
  assert.match(
    (await web.ask('/named')).headers.get('content-security-policy') ?? '',
    /form-action 'self' https:\/\/app\.test;/,
  )
  assert.equal((await web.ask('/forged')).status, 500)
})

import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { call } from './call.ts'
import { CallFailure } from './failure.ts'

/** A server on loopback that gives each path its own answer. */
async function openAnswers(answers: Record<string, (response: ServerResponse) => void>) {
  const server = createServer((request, response) => answers[request.url ?? '']?.(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(status: number, type: string, body: string) {
  return (response: ServerResponse) => response.writeHead(status, { 'content-type': type }).end(body)
}

const problem = (status: number, more: object = {}) =>
  answer(
    status,
    'application/problem+json; charset=utf-8',
    JSON.stringify({ status, code: 'a.b', detail: 'Words.', ...more }),
  )

test('only a problem document of access can say that somebody is signed out', async () => {
  await using server = await openAnswers({
    '/signed-out': problem(401, { verdict: 'invalid' }),
    '/outage': problem(503, { verdict: 'unknown' }),
    '/odd-outage': problem(401, { verdict: 'unknown' }),
    '/forbidden': problem(403),
    '/not-found': problem(404),
    '/conflict': problem(409),
    '/basic-auth': answer(401, 'text/html', 'Authorization required'),
    '/gateway': answer(502, 'text/html', 'Bad gateway'),
    '/gateway-says-503': answer(503, 'text/html', 'Unavailable'),
    '/cut': (response) => response.destroy(),
    '/not-json': answer(200, 'text/html', '<p>A login page of somebody else</p>'),
  })
  const kinds: Record<string, string> = {
    '/signed-out': 'signed-out',
    '/outage': 'unknown',
    '/odd-outage': 'unknown',
    '/forbidden': 'forbidden',
    '/not-found': 'not-found',
    '/conflict': 'refused',
    '/basic-auth': 'strange',
    '/gateway': 'silent',
    '/gateway-says-503': 'silent',
    '/cut': 'silent',
    '/not-json': 'strange',
  }
  for (const [path, kind] of Object.entries(kinds)) {
    await assert.rejects(call({ path: server.url + path }), { name: 'CallFailure', kind }, path)
  }
})

test('a call that hangs ends at its deadline as silence', async () => {
  await using server = await openAnswers({ '/hangs': () => {} })
  await assert.rejects(call({ path: `${server.url}/hangs`, deadlineMs: 50 }), { kind: 'silent' })
})

test('a call that the page gave up itself is no failure of access', async () => {
  await using server = await openAnswers({ '/hangs': () => {} })
  const page = new AbortController()
  const calling = call({ path: `${server.url}/hangs`, signal: page.signal })
  page.abort()
  await assert.rejects(calling, (error) => !(error instanceof CallFailure))
})

test('every call says that it is the console’s, and a repeated write carries its key', async () => {
  let seen: Record<string, unknown> = {}
  const server = createServer((request, response) => {
    seen = request.headers
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await call({ path: `http://127.0.0.1:${port}/`, method: 'POST', idempotencyKey: 'k1' })
  assert.equal(seen['holdfast-audience'], 'console')
  assert.equal(seen['idempotency-key'], 'k1')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

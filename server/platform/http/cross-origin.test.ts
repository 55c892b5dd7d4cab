import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, on } from './index.ts'
import { refuse } from './refusals.ts'
import { openTestServer } from './testing.ts'

const SHOP = 'https://shop.acme.example'
const crossOrigin = { mayAsk: (origin: string) => origin === SHOP, allows: ['authorization'], exposes: ['etag'] }
const routes = [
  on('POST /v1/open', { summary: 'Open', tag: 'test', crossOrigin }, () => json(200, 1, { headers: { etag: '"1"' } })),
  on('POST /v1/refused', { summary: 'Refused', tag: 'test', crossOrigin }, () => {
    throw refuse('not_found')
  }),
  on('POST /v1/closed', { summary: 'Closed', tag: 'test' }, () => json(200, 1)),
]

test('a page of an origin that may ask reads the answer and the refusal, and asks beforehand what it may send', async () => {
  await using server = await openTestServer(routes)
  for (const [path, status] of [
    ['/v1/open', 200],
    ['/v1/refused', 404],
  ] as const) {
    const { status: said, headers } = await server.ask(path, { method: 'POST', headers: { origin: SHOP } })
    assert.equal(said, status)
    assert.equal(headers.get('access-control-allow-origin'), SHOP)
    assert.equal(headers.get('access-control-expose-headers'), 'etag')
    assert.equal(headers.get('vary'), 'origin')
    assert.equal(headers.get('access-control-allow-credentials'), null)
  }
  const { status, headers } = await server.ask('/v1/open', { method: 'OPTIONS', headers: { origin: SHOP } })
  assert.equal(status, 204)
  assert.equal(headers.get('access-control-allow-methods'), 'POST')
  assert.equal(headers.get('access-control-allow-headers'), 'authorization')
})

test('a page of another origin is told nothing, and on every other route it is refused as before', async () => {
  await using server = await openTestServer(routes)
  const origin = 'https://evil.example'
  for (const method of ['POST', 'OPTIONS']) {
    const { headers } = await server.ask('/v1/open', { method, headers: { origin } })
    assert.equal(headers.get('access-control-allow-origin'), null)
  }
  const { status } = await server.ask('/v1/closed', { method: 'POST', headers: { origin: SHOP } })
  assert.equal(status, 403)
})

import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { array, assert as assertProperty, constantFrom, property } from 'fast-check'
import { firstCookie, networksOf, ourCookies, readFetchRequest, readNodeRequest } from './browser-request.ts'

const HANDLE = 'h'.repeat(43)

function asked(headers: Record<string, string>, remoteAddress: string, more: object = {}): IncomingMessage {
  return { method: 'GET', url: '/', headers, socket: { remoteAddress }, ...more } as unknown as IncomingMessage
}

test('the client’s address is believed from a trusted proxy only', async (context) => {
  const site = { origin: undefined, trustedProxies: networksOf(['10.0.0.0/8', '::1', '127.0.0.1']) }
  const cases: [what: string, socket: string, forwarded: string | undefined, address: string][] = [
    ['a stranger who claims to be another', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['one proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['two proxies', '10.0.0.1', '198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['a client that forges the front of the list', '10.0.0.1', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['a list that is none', '10.0.0.1', 'unknown, <script>', '10.0.0.1'],
    ['no list', '10.0.0.1', undefined, '10.0.0.1'],
    ['one address in two spellings', '::ffff:10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['IPv6', '::1', '2001:db8::7', '2001:db8::7'],
  ]
  for (const [what, socket, forwarded, address] of cases) {
    await context.test(what, () => {
      const headers = { host: 'app.acme.test', ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) }
      assert.equal(readNodeRequest(asked(headers, socket), site).address, address)
    })
  }
})

test('the origin is what was set, else what a trusted proxy says, else what the request says', () => {
  const headers = { host: 'inner:3000', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.acme.test' }
  const origin = (remote: string, set?: string) =>
    readNodeRequest(asked(headers, remote), { origin: set, trustedProxies: networksOf(['10.0.0.1']) }).origin
  assert.equal(origin('10.0.0.1'), 'https://app.acme.test')
  assert.equal(origin('203.0.113.9'), 'http://inner:3000')
  assert.equal(origin('203.0.113.9', 'https://set.acme.test'), 'https://set.acme.test')
})

test('on https only cookies with the host prefix count; on http only those without', () => {
  const cookie = `hf_session=${HANDLE}; __Host-hf_session=${'s'.repeat(43)}`
  const site = { origin: undefined, trustedProxies: networksOf([]) }
  const handle = (url: string) => readFetchRequest(new Request(url, { headers: { cookie } }), site).handle
  assert.equal(handle('https://app.acme.test/'), 's'.repeat(43))
  assert.equal(handle('http://127.0.0.1:4200/'), HANDLE)
})

test('access is shown our cookies, not the console’s, and none of the app’s', () => {
  const cookie = 'sid=app; hf_session=1; hf_console=2; __Host-hf_proof=3; hf_browser=4; xhf_session=5; hf_=6'
  const request = readFetchRequest(new Request('http://a.test/', { headers: { cookie } }), {
    origin: undefined,
    trustedProxies: networksOf([]),
  })
  assert.equal(ourCookies(request), 'hf_session=1; __Host-hf_proof=3; hf_browser=4')
})

test('a cookie is the first of its name, in whatever jar', () => {
  const piece = constantFrom(
    'hf',
    'hf_a',
    '=',
    ';',
    '; ',
    ' ',
    '\t',
    'x',
    '\u00a0',
    '"',
    'x.y-z',
    'other=1',
    'hf=',
    'hf_a=',
  )
  const plainly = (header: string, wanted: string) =>
    header
      .split(';')
      .filter((pair) => pair.indexOf('=') > 0 && pair.slice(0, pair.indexOf('=')).trim() === wanted)
      .map((pair) => pair.slice(pair.indexOf('=') + 1).trim())[0] || undefined
  assertProperty(
    property(array(piece, { maxLength: 14 }), (pieces) => {
      const header = pieces.join('')
      for (const wanted of ['hf', 'hf_a']) assert.equal(firstCookie(header, wanted), plainly(header, wanted))
    }),
    { numRuns: 5000 },
  )
})

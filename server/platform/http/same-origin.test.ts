import assert from 'node:assert/strict'
import { test } from 'node:test'
import { json, on } from './index.ts'
import { ORIGIN, openTestServer } from './testing.ts'

const ABSENT = undefined
const origins = {
  same: ORIGIN,
  other: 'https://evil.test',
  'other port': 'http://localhost:4001',
  null: 'null',
  absent: ABSENT,
}
const sites = {
  'same-origin': 'same-origin',
  'same-site': 'same-site',
  'cross-site': 'cross-site',
  none: 'none',
  absent: ABSENT,
}
/** Carried out only when neither header says that it came from elsewhere. */
const isAllowed = (origin: keyof typeof origins, site: keyof typeof sites) =>
  (origin === 'same' || origin === 'absent') && (site === 'same-origin' || site === 'none' || site === 'absent')

for (const method of ['POST', 'DELETE'] as const) {
  test(`a ${method} is carried out only when no header says that it came from another site`, async () => {
    let count = 0
    const done = () => {
      count += 1
      return json(200, {})
    }
    await using web = await openTestServer([on(`${method} /thing`, { tag: 'test', summary: 'Test' }, done)])
    for (const [origin, originValue] of Object.entries(origins)) {
      for (const [site, siteValue] of Object.entries(sites)) {
        const before = count
        const headers = {
          ...(originValue !== undefined && { origin: originValue }),
          ...(siteValue !== undefined && { 'sec-fetch-site': siteValue }),
        }
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
        const answer = await web.sendRaw(
          `${method} /thing HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n${lines.join('')}\r\n`,
        )
        const allowed = isAllowed(origin as keyof typeof origins, site as keyof typeof sites)
        const name = `origin ${origin}, site ${site}`
        assert.match(answer, allowed ? /^HTTP\/1\.1 200 / : /^HTTP\/1\.1 403 [\s\S]*"code":"request\.cross_site"/, name)
        assert.equal(count - before, allowed ? 1 : 0, name)
      }
    }
  })
}

test('a header that comes twice is no same origin', async () => {
  await using web = await openTestServer([on('POST /thing', { tag: 'test', summary: 'Test' }, () => json(200, {}))])
  for (const twice of [
    `origin: ${ORIGIN}\r\norigin: https://evil.test\r\n`,
    'sec-fetch-site: same-origin\r\nsec-fetch-site: cross-site\r\n',
  ]) {
    const answer = await web.sendRaw(
      `POST /thing HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n${twice}\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 403 /)
  }
})

test('reading is allowed from anywhere: it changes nothing', async () => {
  await using web = await openTestServer([on('GET /thing', { tag: 'test', summary: 'Test' }, () => json(200, {}))])
  const { status } = await web.ask('/thing', {
    headers: { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(status, 200)
})

test('an app that forwards is its own origin, and ours is another one there', async () => {
  const app = 'https://app.test'
  await using web = await openTestServer([on('POST /thing', { tag: 'test', summary: 'Test' }, () => json(200, {}))], {
    readForwarded: () => ({ application: 'app_a', address: '192.0.2.1', origin: app, prefix: '/auth' }),
  })
  const post = async (origin: string) => (await web.ask('/thing', { method: 'POST', headers: { origin } })).status
  assert.equal(await post(app), 200)
  assert.equal(await post(ORIGIN), 403)
})

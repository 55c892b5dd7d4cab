import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { openFront } from './false-front.ts'

async function openAccess() {
  const server = createServer((asked, answer) => {
    if (asked.url === '/v1/flags/snapshot') return void answer.end('the truth')
    answer.writeHead(200, { 'content-type': 'text/event-stream' })
    answer.end('event: sync\ndata: {}\n\nevent: flags\ndata: {"seq":7}\n\nevent: keys\ndata: {}\n\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.dispose]: () => server.close() }
}

const lie = { text: 'a lie', epoch: 2, seq: 1, digest: 'digest-of-a-lie' }

test('a false front answers flags falsely, announces that, and passes all else on', async () => {
  using access = await openAccess()
  using front = await openFront([access.url])
  // A connection of its own each time: those that were open are cut when the front changes its manner.
  const ask = async (path: string) => (await fetch(front.url + path, { headers: { connection: 'close' } })).text()
  assert.equal(await ask('/v1/flags/snapshot'), 'the truth')
  assert.match(await ask('/v1/feed'), /"seq":7/)
  assert.equal(front.delivered(), 0)

  front.behave(lie)
  assert.equal(await ask('/v1/flags/snapshot'), 'a lie')
  const feed = await ask('/v1/feed')
  assert.match(feed, /event: flags\ndata: {"epoch":2,"seq":1,"digest":"digest-of-a-lie","age_ms":0}/)
  assert.doesNotMatch(feed, /"seq":7/)
  assert.match(feed, /event: sync[\s\S]*event: keys/)
  assert.equal(front.delivered(), 1)

  front.behave('away')
  await assert.rejects(ask('/v1/flags/snapshot'))
  assert.equal(front.delivered(), 0)
  front.behave('pass')
  assert.equal(await ask('/v1/flags/snapshot'), 'the truth')
})

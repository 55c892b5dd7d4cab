import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../../platform/log.ts'
import type { SendResult } from '../../platform/mail/index.ts'
import { ownTime } from './testing.ts'
import { openTransportHealth, PROOF_LIFE_MS, REST_MS } from './transport-health.ts'

const greylisted: SendResult = { outcome: 'failed', permanent: false, code: 'smtp_451', stage: 'mail' }
const unreachable: SendResult = { outcome: 'failed', permanent: false, code: 'timeout', stage: 'connect' }
const noSuchUser: SendResult = { outcome: 'failed', permanent: true, code: 'smtp_550', stage: 'mail' }

function openHealth() {
  const time = ownTime()
  const health = openTransportHealth('A', 'mail.acme.test:587', time.clock, silentLog)
  return { time, health, state: () => health.status(true).state }
}

test('a server is unknown until proven, and unknown again when nothing was heard of it for three minutes', () => {
  const { time, health, state } = openHealth()
  assert.equal(state(), 'unknown')
  health.sent({ outcome: 'ok', id: '' })
  const provenAt = time.clock.now()
  time.advance(PROOF_LIFE_MS)
  assert.equal(state(), 'ok')
  time.advance(1)
  assert.deepEqual(health.status(true), {
    name: 'A',
    state: 'unknown',
    since: new Date(provenAt.getTime() + PROOF_LIFE_MS),
    provenAt,
    detail: 'mail.acme.test:587 was not heard of for 3 minutes.',
  })
})

test('one greylisted address is no outage, three in a row are, and one mail taken ends it', () => {
  const { health, state } = openHealth()
  health.sent({ outcome: 'ok', id: '' })
  health.sent(greylisted)
  health.sent(greylisted)
  assert.deepEqual([state(), health.isResting()], ['ok', false])
  health.sent({ outcome: 'unknown' })
  assert.deepEqual([state(), health.isResting()], ['failing', true])
  health.sent({ outcome: 'ok', id: '' })
  assert.deepEqual([state(), health.isResting()], ['ok', false])
})

test('an address that does not exist says nothing against its server', () => {
  const { health, state } = openHealth()
  for (const _ of [1, 2, 3, 4]) health.sent(noSuchUser)
  assert.deepEqual([state(), health.isResting()], ['ok', false])
})

test('no connection is failing at once, since then, and a probe clears it', () => {
  const { time, health, state } = openHealth()
  health.sent(unreachable)
  const since = time.clock.now()
  time.advance(5000)
  health.sent(unreachable)
  assert.deepEqual([state(), health.status(true).since], ['failing', since])
  assert.match(health.status(false).detail, /\(timeout\)\. No code can be sent until it is back\.$/)
  health.beginProbe()({ outcome: 'ok' })
  assert.equal(state(), 'ok')
})

test('a probe clears neither a server that hangs on the mail itself, nor a miss that came after it began', () => {
  const { health, state } = openHealth()
  const early = health.beginProbe()
  health.sent(unreachable)
  early({ outcome: 'ok' })
  assert.equal(state(), 'failing')
  health.sent({ outcome: 'unknown' })
  health.beginProbe()({ outcome: 'ok' })
  assert.equal(state(), 'failing')
})

test('after its rest one message tries a server again, and the others leave it alone meanwhile', () => {
  const { time, health } = openHealth()
  for (const _ of [1, 2, 3]) health.sent(unreachable)
  assert.equal(health.isResting(), true)
  time.advance(REST_MS)
  assert.equal(health.isResting(), false)
  health.beginAttempt()
  assert.equal(health.isResting(), true)
})

test('a server that has no mail is probed once a minute, one that failed every ten seconds', () => {
  const { time, health } = openHealth()
  assert.equal(health.isDueForProbe(), true)
  health.beginProbe()({ outcome: 'ok' })
  time.advance(59_999)
  assert.equal(health.isDueForProbe(), false)
  time.advance(1)
  assert.equal(health.isDueForProbe(), true)
  health.sent(unreachable)
  assert.equal(health.isDueForProbe(), false)
  time.advance(10_000)
  assert.equal(health.isDueForProbe(), true)
})

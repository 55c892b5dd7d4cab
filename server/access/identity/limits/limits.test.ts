import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type IdentityRig, openRig } from '../testing.ts'
import { addressBlock } from './address-block.ts'
import { limits } from './limits.ts'
import { type Limit, take } from './pace.ts'

test('a limit lets a burst through, then one at a time, and says exactly how long to wait', () => {
  const limit: Limit = { kind: 'test', everyMs: 1000, burst: 3, what: 'requests' }
  let due: number | undefined
  const at = (ms: number) => {
    const taken = take(limit, due, ms)
    if (taken.outcome === 'taken') due = taken.dueAtMs
    return taken.outcome === 'taken' ? 'ok' : taken.retryAfterMs
  }
  assert.deepEqual([at(0), at(0), at(0), at(0), at(400), at(999)], ['ok', 'ok', 'ok', 1000, 600, 1])
  assert.deepEqual(
    [at(1000), at(1000), at(60_000), at(60_000), at(60_000), at(60_000)],
    ['ok', 1000, 'ok', 'ok', 'ok', 1000],
  )
})

test('whoever waits as long as was said is let in, however often others knock', () => {
  fc.assert(
    fc.property(
      fc.record({ everyMs: fc.integer({ min: 1, max: 1e6 }), burst: fc.integer({ min: 1, max: 100 }) }),
      fc.array(fc.nat({ max: 5000 }), { maxLength: 60 }),
      ({ everyMs, burst }, steps) => {
        const limit: Limit = { kind: 'test', everyMs, burst, what: 'requests' }
        let [now, due] = [0, undefined as number | undefined]
        let count = 0
        for (const step of steps) {
          now += step
          const taken = take(limit, due, now)
          if (taken.outcome === 'early') {
            assert.ok(taken.retryAfterMs <= everyMs * burst)
            assert.equal(take(limit, due, now + taken.retryAfterMs).outcome, 'taken')
          } else {
            due = taken.dueAtMs
            count++
          }
        }
        assert.ok(count <= burst + now / everyMs)
      },
    ),
  )
})

test('addresses are counted by what one household or machine has', () => {
  const check = (address: string, block: string) => assert.equal(addressBlock(address), block)
  check('198.51.100.7', '198.51.100.0/24')
  check('198.51.100.250', '198.51.100.0/24')
  check('::ffff:198.51.100.7', '198.51.100.0/24')
  check('2001:db8:85a3:12ff::1', '2001:db8:85a3:1200::/56')
  check('2001:db8:85a3:1200:ffff::1', '2001:db8:85a3:1200::/56')
  check('', 'unreadable')
  check('unknown', 'unreadable')
})

test('mails to one address are slowed, told exactly, and never locked; another address goes on', async () => {
  await using rig = await openRig()
  const start = (email: string) => rig.browser().post('/v1/sign-in/email', { email })
  for (let count = 0; count < limits.mailToAddress.burst; count++)
    assert.equal((await start('ana@acme.test')).status, 202)
  const slowed = await start('ana@acme.test')
  assert.deepEqual([slowed.status, slowed.body.code], [429, 'identity.slow_down'])
  assert.equal(slowed.body.retry_after_s, limits.mailToAddress.everyMs / 1000)
  assert.equal(slowed.headers.get('retry-after'), String(slowed.body.retry_after_s))
  assert.equal((await start('ANA@acme.test')).status, 429)
  assert.equal((await start('nobody@acme.test')).status, 202)

  const page = await rig.browser().submit('/sign-in', { email: 'ana@acme.test' })
  assert.equal(page.status, 429)
  assert.match(page.text, /Too many mails/)
  rig.clock.advance(limits.mailToAddress.everyMs)
  assert.equal((await start('ana@acme.test')).status, 202)
})

test('what strangers do to an address does not slow a browser in which its owner has signed in', async () => {
  await using rig = await openRig()
  const own = rig.browser()
  await own.signIn(rig, 'ana@acme.test')
  await own.submit('/sign-out')
  const start = () => rig.browser().post('/v1/sign-in/email', { email: 'ana@acme.test' })
  while ((await start()).status === 202);
  const done = await own.signIn(rig, 'ana@acme.test')
  assert.equal(done.status, 303)
})

test('one network is slowed without slowing another', async () => {
  await using rig = await openRig()
  const start = (address: string, index: number) => {
    const browser = rig.browser()
    browser.headers['x-forwarded-for'] = address
    return browser.post('/v1/sign-in/email', { email: `person${index}@acme.test` })
  }
  const { burst } = limits.startInBlock
  const statuses: number[] = []
  for (let index = 0; index < burst + 3; index++)
    statuses.push((await start(`198.51.100.${index % 200}`, index)).status)
  assert.deepEqual(statuses.slice(-3), [429, 429, 429])
  assert.ok(statuses.slice(0, burst).every((status) => status === 202))
  assert.equal((await start('203.0.113.1', 9999)).status, 202)
})

test('limits hold for all processes together', async () => {
  await using one = await openRig()
  await using other = await openRig({ beside: one })
  const start = (rig: IdentityRig) => rig.browser().post('/v1/sign-in/email', { email: 'ana@acme.test' })
  while ((await start(one)).status === 202);
  assert.equal((await start(other)).status, 429)
})

test('after a hundred wrong codes unknown browsers get the link only, and known ones go on', async () => {
  await using rig = await openRig()
  const own = rig.browser()
  await own.signIn(rig, 'ana@acme.test')
  await own.submit('/sign-out')

  let wrong = 0
  while (wrong < 100) {
    const thief = rig.browser()
    const started = await thief.post('/v1/sign-in/email', { email: 'ana@acme.test' })
    if (started.status === 429) {
      rig.clock.advance(Number(started.body.retry_after_s) * 1000)
      continue
    }
    const { code } = await rig.mailTo('ana@acme.test')
    const guess = code === '000000' ? '000001' : '000000'
    for (let attempt = 0; attempt < 5 && wrong < 100; attempt++) {
      const body = { challenge_id: started.body.challenge_id, code: guess }
      let answer = await thief.post('/v1/sign-in/email/verify', body)
      while (answer.status === 429) {
        rig.clock.advance(Number(answer.body.retry_after_s) * 1000)
        answer = await thief.post('/v1/sign-in/email/verify', body)
      }
      if (answer.body.code !== 'identity.wrong_code') break
      wrong++
    }
  }

  rig.clock.advance(10 * 60_000)
  const stranger = rig.browser()
  const { body } = await stranger.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  const mail = await rig.mailTo('ana@acme.test')
  assert.equal(mail.code, '')
  assert.doesNotMatch(mail.message.text, /\b\d{3} ?\d{3}\b/)
  const typed = await stranger.post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code: '123456' })
  assert.equal(typed.body.code, 'identity.link_only')
  assert.match((await stranger.get('/sign-in/code')).text, /Open the link in the mail/)
  assert.match((await rig.browser().get(mail.link)).text, /works only there/)
  assert.equal((await stranger.submit(mail.link)).status, 303)

  const known = await own.signIn(rig, 'ana@acme.test')
  assert.equal(known.status, 303)
  rig.clock.advance(25 * 3_600_000)
  await rig.browser().post('/v1/sign-in/email', { email: 'ana@acme.test' })
  assert.notEqual((await rig.mailTo('ana@acme.test')).code, '')
})

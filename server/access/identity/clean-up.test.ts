import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../platform/database/index.ts'
import { cleanUp } from './clean-up.ts'
import { type IdentityRig, openRig } from './testing.ts'

test('what is over is deleted, and what still counts is kept', async () => {
  await using rig = await openRig()
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test')
  await browser.submit('/sign-out')
  await browser.submit('/sign-in', { email: 'ana@acme.test' })
  const { code, link } = await rig.mailTo('ana@acme.test')
  await browser.submit('/sign-in/code', { code: code === '000000' ? '000001' : '000000' })
  const clean = () => cleanUp({ background: rig.db, clock: rig.clock })

  await clean()
  const before = await countRows(rig)
  assert.deepEqual([before.challenge, before.wrong_code, before.known_browser, before.user], [2, 1, 1, 1])
  assert.ok(before.pace! > 0)

  rig.clock.advance(30 * 60_000)
  await clean()
  assert.match((await rig.browser().get(link)).text, /has expired/)
  rig.clock.advance(31 * 60_000)
  await clean()
  assert.deepEqual(await countRows(rig), { challenge: 0, known_browser: 1, pace: 0, user: 1, wrong_code: 1 })
  rig.clock.advance(25 * 3_600_000)
  await clean()
  assert.deepEqual(await countRows(rig), { challenge: 0, known_browser: 1, pace: 0, user: 1, wrong_code: 0 })
  rig.clock.advance(400 * 24 * 3_600_000)
  await clean()
  assert.deepEqual(await countRows(rig), { challenge: 0, known_browser: 0, pace: 0, user: 1, wrong_code: 0 })
})

async function countRows(rig: IdentityRig): Promise<Record<string, number>> {
  return rig.db.one(sql`
    select (select count(*)::int from identity.challenge) as challenge,
           (select count(*)::int from identity.known_browser) as known_browser,
           (select count(*)::int from identity.pace) as pace,
           (select count(*)::int from identity.user) as "user",
           (select count(*)::int from identity.wrong_code) as wrong_code`)
}

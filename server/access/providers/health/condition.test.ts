import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import * as settings from '../queries.ts'
import { disableProvider, enableProvider } from '../settings/switch-provider.ts'
import { isOpen } from '../verdict.ts'
import { WINDOW_MS } from './judge.ts'
import { conditionOf, insertEvidence, listChanges, verdictInForce } from './queries.ts'
import { insertProvider, openHealthRig } from './testing/open-rig.ts'

test('something new may rest on a provider only while it is offered, healthy, stood in for by nobody, and was seen within the last minute', async () => {
  await using rig = await openHealthRig()
  const db = rig.database.database('background')
  const condition = () => conditionOf(db, 'acme', WINDOW_MS)
  assert.equal(await condition(), 'withdrawn', 'there is none')
  await insertProvider(rig.database, 'acme')
  assert.equal(await condition(), 'troubled', 'nobody has looked at it')
  await db.run(sql`
    insert into providers.verdict (provider_id, epoch, state, since, decided_at, decided_by, why)
    values ('acme', 1, 'healthy', now(), now(), 'holdfast', '{}')`)
  assert.equal(await condition(), 'troubled')
  const row = { provider_id: 'acme', round: 'r', kind: 'token', fault: null, detail: null, took_ms: 1 } as const
  await insertEvidence(db, 'process-1', [{ ...row, outcome: 'good', age_ms: 100, is_control_good: null }])
  assert.equal(await condition(), 'well')

  const set = (changes: string) => db.run({ text: `update providers.verdict set ${changes}`, values: [] })
  for (const [worse, better] of [
    [`state = 'suspect'`, `state = 'healthy'`],
    ['open_since = now()', 'open_since = null'],
    [`ordered = 'open', ordered_until = now() + interval '1 hour'`, `ordered_until = now() - interval '1 second'`],
  ] as const) {
    await set(worse)
    assert.equal(await condition(), 'troubled', worse)
    await set(better)
    assert.equal(await condition(), 'well', better)
  }
  await settings.setEnabled(db, 'acme', false, rig.clock.now())
  assert.equal(await condition(), 'withdrawn')
  await settings.setEnabled(db, 'acme', true, rig.clock.now())
  await rig.pass(WINDOW_MS)
  assert.equal(await condition(), 'troubled', 'it was last seen a minute ago')
  await settings.deleteProvider(db, 'acme')
  assert.equal(await condition(), 'withdrawn')
})

test('a provider that is offered again after a while opens nothing by what was seen of it before; one that was off for a moment does', async () => {
  await using rig = await openHealthRig()
  const db = rig.database.database('background')
  const caller = { actor: null, address: '192.0.2.7', headers: {} }
  const parts = { clock: rig.clock, audit: async () => {} } as never
  for (const [id, minutesAgo, isOpenAfter] of [
    ['acme', 11, false],
    ['other', 1, true],
  ] as const) {
    await insertProvider(rig.database, id)
    await db.run(sql`update providers.provider set tested_at = now() where id = ${id}`)
    await db.run(sql`
      insert into providers.verdict (provider_id, epoch, state, since, open_since, decided_at, decided_by, why)
      values (${id}, 7, 'down', now() - interval '21 days', now() - interval '21 days', now(), 'holdfast', '{}')`)
    const row = { provider_id: id, round: 'r', kind: 'token', fault: 'http', detail: null, took_ms: 1 } as const
    const age = { outcome: 'fault', age_ms: minutesAgo * 60_000, is_control_good: true } as const
    await insertEvidence(db, 'process-1', [{ ...row, ...age }])
    await disableProvider(parts, db, caller, id)
    await enableProvider(parts, db, caller, id)
    const verdict = await verdictInForce(db, id)
    const asked = { now: rig.clock.now(), unknownOpens: true }
    assert.equal(isOpen(verdict, asked), isOpenAfter, id)
    assert.equal((await listChanges(db, { providerId: id, beforeEpoch: 100, limit: 5 })).length, isOpenAfter ? 0 : 1)
    await enableProvider(parts, db, caller, id)
    assert.equal((await verdictInForce(db, id))!.epoch, verdict!.epoch, 'it is on already')
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEntries } from '../../../ground/audit/index.ts'
import { newestSignals } from '../../../ground/signals/index.ts'
import { sql } from '../../../platform/database/index.ts'
import { isOpen } from '../verdict.ts'
import { WINDOW_MS } from './judge.ts'
import type { Health } from './open-health.ts'
import { beat, insertEvidence, listChanges } from './queries.ts'
import { type HealthRig, insertProvider, openHealthRig, targetAt } from './testing/open-rig.ts'

const HOUR_MS = 3_600_000

/** A provider that was found to be down, and how long ago somebody last saw that. */
async function fallen(rig: HealthRig, { seenAgoMs, state = 'down' }: { seenAgoMs: number; state?: string }) {
  const db = rig.database.database('background')
  await insertProvider(rig.database, 'acme')
  await db.run(sql`
    insert into providers.verdict (provider_id, epoch, state, since, open_since, decided_at, decided_by, why)
    values ('acme', 7, ${state}, now() - interval '3 days', now() - interval '3 days', now() - interval '3 days',
            'holdfast', '{}')`)
  const row = { provider_id: 'acme', round: 'r', kind: 'token', fault: 'http', detail: null, took_ms: 1 } as const
  const seen = { ...row, outcome: 'fault', age_ms: seenAgoMs, is_control_good: true } as const
  await insertEvidence(db, 'process-gone', [seen])
  return db
}

const isOpenFor = async (rig: HealthRig, health: Health) => {
  const verdict = await health.verdictIn(rig.database.database('request'), 'acme')
  return isOpen(verdict, { now: rig.clock.now(), unknownOpens: true })
}

test('an outage from before a standstill sends nobody another way, from the first sign-in on, and that is told', async () => {
  for (const state of ['down', 'recovering', 'unknown']) {
    await using rig = await openHealthRig()
    const db = await fallen(rig, { seenAgoMs: HOUR_MS, state })
    rig.targets.push(targetAt('acme', 'https://127.0.0.1:1'))
    const started = rig.beside('process-2')
    assert.equal(await isOpenFor(rig, started), false, `${state}: before it has done anything`)
    await started.reload()
    assert.equal(await isOpenFor(rig, started), false, state)
    assert.equal(started.verdictOf('acme')?.open_since, null, 'nor do pages say so')
    const [change] = await listChanges(db, { providerId: 'acme', beforeEpoch: 100, limit: 1 })
    assert.deepEqual([change?.epoch, change?.is_open], [8, false])
    const [entry] = await readEntries(db, { subject: 'acme' }, 1)
    assert.equal(entry?.action, 'provider.closed')
    const [signal] = await newestSignals(db, ['provider.suspect'], 1)
    assert.equal(signal?.subject, 'acme')
    await started.reload()
    assert.equal((await rig.verdict('acme'))?.epoch, 8, 'once')
  }
})

test('a process that restarts alone within a minute, and one that starts beside another, leave an outage as it was found', async () => {
  for (const [seenAgoMs, hasOther] of [
    [WINDOW_MS - 15_000, false],
    [HOUR_MS, true],
  ] as const) {
    await using rig = await openHealthRig()
    const db = await fallen(rig, { seenAgoMs })
    if (hasOther) await beat(db, 'process-other', HOUR_MS)
    const started = rig.beside('process-2')
    assert.ok(await isOpenFor(rig, started))
    await started.reload()
    assert.ok(await isOpenFor(rig, started))
    // It watches itself from now on; that it has nothing yet is no standstill.
    await rig.pass(WINDOW_MS)
    await started.reload()
    assert.ok(await isOpenFor(rig, started))
  }
})

test('of processes that start together after a standstill the first forgets, and the next believes nothing either', async () => {
  await using rig = await openHealthRig()
  await fallen(rig, { seenAgoMs: HOUR_MS })
  const [first, second] = [rig.beside('process-2'), rig.beside('process-3')]
  await Promise.all([first.reload(), second.reload()])
  assert.deepEqual([await isOpenFor(rig, first), await isOpenFor(rig, second)], [false, false])
})

test('what an administrator has ordered outlives a standstill', async () => {
  await using rig = await openHealthRig()
  const db = await fallen(rig, { seenAgoMs: HOUR_MS })
  await db.run(sql`
    update providers.verdict
       set ordered = 'open', ordered_reason = 'x', ordered_by = 'usr_a', ordered_at = now(),
           ordered_until = now() + interval '1 hour'`)
  const started = rig.beside('process-2')
  await started.reload()
  assert.ok(await isOpenFor(rig, started))
  assert.equal((await rig.verdict('acme'))?.open_since, null)
})

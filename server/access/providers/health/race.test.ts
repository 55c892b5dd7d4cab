import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { auditAt } from '../../../ground/audit/index.ts'
import { newestSignals, signalAt } from '../../../ground/signals/index.ts'
import { systemClock } from '../../../platform/clock.ts'
import { type DatabaseServer, openDatabaseServer, sql } from '../../../platform/database/index.ts'
import { silentLog } from '../../../platform/log.ts'
import { type DecideParts, decide } from './decide.ts'
import { insertEvidence } from './queries.ts'
import { insertProvider, providersDatabase } from './testing/open-rig.ts'

const HERE = 16
const ELSEWHERE = 4
const SCRIPT = fileURLToPath(new URL('./testing/decide-in-process.ts', import.meta.url))
const kinds = ['discovery', 'keys', 'authorization', 'token'] as const

interface Racer {
  processId: string
  /** Whether this one made the change. */
  judge(): Promise<boolean>
}

function racerHere(database: DatabaseServer, processId: string): Racer {
  const now = () => systemClock.now()
  const background = database.database('background')
  const parts: DecideParts = { background, signal: signalAt(now), audit: auditAt(now), processId }
  return { processId, judge: async () => (await decide(parts, 'acme')) !== undefined }
}

async function racerElsewhere(databaseUrl: string, processId: string): Promise<Racer & { child: ChildProcess }> {
  const child = fork(SCRIPT, [databaseUrl, processId], { stdio: 'inherit' })
  await once(child, 'message')
  return {
    processId,
    child,
    async judge() {
      const answered = once(child, 'message')
      child.send('acme')
      const [said] = (await answered) as [{ hasChanged?: boolean; failed?: string }]
      assert.equal(said.failed, undefined)
      return said.hasChanged!
    },
  }
}

/** Twenty processes that watch, some of them of their own, and what they saw. */
async function openRace() {
  await using stack = new AsyncDisposableStack()
  const store = stack.use(await providersDatabase())
  // Not probed, so that each takes the one connection that it needs: the server of the test has no more.
  const open = (name: string) =>
    stack.use(openDatabaseServer({ url: store.databaseUrl, name, clock: systemClock, log: silentLog }))
  const own = open('test')
  const db = own.database('background')
  await insertProvider(own, 'acme')
  const racers: Racer[] = []
  for (let index = 0; index < HERE; index++) {
    racers.push(racerHere(open(`process ${index}`), `here-${index}`))
  }
  const elsewhere = await Promise.all(
    Array.from({ length: ELSEWHERE }, (_, index) => racerElsewhere(store.databaseUrl, `elsewhere-${index}`)),
  )
  for (const { child } of elsewhere) stack.defer(() => void child.disconnect())
  racers.push(...elsewhere)

  for (const { processId } of racers) {
    await db.run(sql`insert into providers.watcher (process_id, seen_at) values (${processId}, clock_timestamp())`)
  }
  const see = async (outcome: 'good' | 'fault', agesMs: readonly number[], cutOff = 0) => {
    for (const [index, { processId }] of racers.entries()) {
      const isCutOff = index >= racers.length - cutOff
      const isFault = isCutOff || outcome === 'fault'
      const rows = agesMs.flatMap((age) =>
        kinds.map((kind) => ({
          ...{ provider_id: 'acme', round: `round ${age}`, kind, age_ms: age, took_ms: 1, detail: null },
          ...{ outcome: isFault ? ('fault' as const) : outcome, fault: isFault ? 'timeout' : null },
          is_control_good: !isCutOff,
        })),
      )
      await insertEvidence(db, processId, rows)
    }
  }
  const held = stack.move()
  return {
    ...{ db, see },
    race: async () => (await Promise.all(racers.map((racer) => racer.judge()))).filter(Boolean).length,
    told: async (kinds: string[]) => (await newestSignals(db, kinds, 100)).map(({ kind }) => kind),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

const SWITCHES = ['provider.down', 'provider.back']

test('of twenty access processes that all see an outage at once, one makes the switch, and one sends people back', async () => {
  await using rig = await openRace()
  const { db, see, race } = rig
  const told = () => rig.told(SWITCHES)

  await see('fault', [7000, 1000])
  assert.equal(await race(), 1)
  assert.deepEqual(await told(), ['provider.down'])
  assert.equal(await race(), 0)

  await db.run(sql`update providers.evidence set seen_at = seen_at - interval '2 minutes'`)
  await see('good', [1000])
  assert.equal(await race(), 1)
  await db.run(sql`update providers.verdict set since = since - interval '2 minutes'`)
  await see('good', [40_000, 30_000, 20_000, 10_000])
  assert.equal(await race(), 1)
  assert.deepEqual(await told(), ['provider.back', 'provider.down'])
  const changes = await db.many<{ state: string; is_open: boolean }>(sql`
    select state, is_open from providers.verdict_change order by epoch limit 100`)
  assert.deepEqual(changes, [
    { state: 'down', is_open: true },
    { state: 'recovering', is_open: true },
    { state: 'healthy', is_open: false },
  ])
})

test('of twenty access processes half are cut off, elsewhere too: the others make the switch and send people back, and each of those is told of once', async () => {
  await using rig = await openRace()
  const { db, see, race } = rig
  const told = () => rig.told(SWITCHES)
  const CUT_OFF = 10
  await see('good', [7000, 1000], CUT_OFF)
  await race()
  assert.deepEqual(await told(), [])
  await db.run(sql`delete from providers.evidence`)
  await see('fault', [7000, 1000], CUT_OFF)
  assert.equal(await race(), 1)
  assert.deepEqual(await told(), ['provider.down'])
  await db.run(sql`update providers.evidence set seen_at = seen_at - interval '2 minutes'`)
  await see('good', [1000], CUT_OFF)
  assert.equal(await race(), 1)
  await db.run(sql`update providers.verdict set since = since - interval '2 minutes'`)
  await see('good', [40_000, 30_000, 20_000, 10_000], CUT_OFF)
  assert.equal(await race(), 1)
  assert.deepEqual(await told(), ['provider.back', 'provider.down'])
  assert.equal((await rig.told(['own-network.suspected'])).length, CUT_OFF)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatabaseOutage } from './database/index.ts'
import { startJobs } from './jobs.ts'
import { silentLog } from './log.ts'

/** Nothing here waits for a rhythm: it is longer than any test. */
const NEVER_MS = 3_600_000

function database(isAway: boolean) {
  const listeners: ((isAway: boolean) => void)[] = []
  return {
    isAway: () => isAway,
    onChange: (listener: (isAway: boolean) => void) => void listeners.push(listener),
    become(away: boolean) {
      isAway = away
      for (const listener of listeners) listener(away)
    },
  }
}

test('jobs wait while the database is away, and all run at once when it is back', async () => {
  const outage = database(true)
  const ran: string[] = []
  const both = Promise.withResolvers<void>()
  const job = (name: string) => ({
    name,
    everyMs: NEVER_MS,
    async run() {
      ran.push(name)
      if (ran.length === 2) both.resolve()
    },
  })
  const jobs = startJobs([job('one'), job('other')], { database: outage, log: silentLog })
  outage.become(true)
  assert.deepEqual(ran, [])
  outage.become(false)
  await both.promise
  await jobs.stop()
  assert.deepEqual(ran, ['one', 'other'])
})

test('a round under way is not joined by another, and a stop waits for it', async () => {
  const outage = database(false)
  const gate = Promise.withResolvers<void>()
  let rounds = 0
  const run = () => {
    rounds += 1
    return gate.promise
  }
  const slow = { name: 'slow', everyMs: NEVER_MS, run }
  const jobs = startJobs([slow], { database: outage, log: silentLog })
  outage.become(false)
  outage.become(false)
  let isStopped = false
  const stopped = jobs.stop().then(() => {
    isStopped = true
  })
  await Promise.resolve()
  assert.equal(isStopped, false)
  gate.resolve()
  await stopped
  outage.become(false)
  assert.equal(rounds, 1)
})

test('an outage in the middle of a job is no fault of the job; a bug is told', async () => {
  const told: unknown[] = []
  const log = { ...silentLog, error: (facts: unknown) => void told.push(facts) }
  for (const error of [new DatabaseOutage('failed', 'away'), new Error('a bug')]) {
    const outage = database(false)
    const job = { name: 'fails', everyMs: NEVER_MS, run: () => Promise.reject(error) }
    const jobs = startJobs([job], { database: outage, log })
    outage.become(false)
    await jobs.stop()
  }
  assert.equal(told.length, 1)
})

import assert from 'node:assert/strict'
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { assert as assertProperty, asyncProperty, integer } from 'fast-check'
import { REVOCATION_KEPT_MS, type RevocationEvent } from './contract.ts'
import { RevocationLog } from './revocations.ts'
import { openFolder } from './testing/open-folder.ts'

const NOW = 1_800_000_000_000

function event(seq: number, changes: Partial<RevocationEvent> = {}, atMs = NOW): RevocationEvent {
  return {
    seq,
    session_id: `ses_${seq}`,
    reason: 'revoked',
    at: new Date(atMs).toISOString(),
    forget_at: new Date(atMs + REVOCATION_KEPT_MS).toISOString(),
    ...changes,
  }
}

function open(dataDir: string, more: { now?: () => number; max?: number; problems?: string[] } = {}): RevocationLog {
  const { now = () => NOW, max, problems = [] } = more
  return new RevocationLog({ dataDir, environment: 'test', now, max, onProblem: (sentence) => problems.push(sentence) })
}

test('a restart resurrects nothing, and reads the feed on where it stopped', async () => {
  await using folder = await openFolder()
  {
    await using log = open(folder.path)
    for (const seq of [1, 2, 3]) log.add(event(seq))
    assert.equal(log.has('ses_2'), true)
  }
  await using log = open(folder.path)
  assert.deepEqual([log.size, log.seq, log.has('ses_3'), log.has('ses_4')], [3, 3, true, false])
  assert.equal(log.find('ses_1')?.reason, 'revoked')
})

test('what came before the first write and what comes after it are both on disk', async () => {
  await using folder = await openFolder()
  const log = open(folder.path)
  log.add(event(1))
  await log.flush()
  log.add(event(2))
  log.add(event(3))
  await log.flush()
  // As after kill -9: nobody has closed it.
  await using again = open(folder.path)
  assert.deepEqual([again.seq, again.has('ses_1'), again.has('ses_2'), again.has('ses_3')], [3, true, true, true])
  await log[Symbol.asyncDispose]()
})

test('an entry is dropped when it says so, and the place in the feed is kept', async () => {
  await using folder = await openFolder()
  let now = NOW
  {
    await using log = open(folder.path, { now: () => now })
    log.add(event(7))
  }
  now += REVOCATION_KEPT_MS
  await using log = open(folder.path, { now: () => now })
  assert.deepEqual([log.size, log.seq, log.has('ses_7')], [0, 7, false])
})

test('an end without a number yet is honoured, and does not move the place in the feed', async () => {
  await using folder = await openFolder()
  {
    await using log = open(folder.path)
    log.add(event(4))
    log.add(event(0, { session_id: 'ses_unnumbered' }))
  }
  await using log = open(folder.path)
  assert.deepEqual([log.seq, log.has('ses_unnumbered')], [4, true])
})

test('a reason of a newer access is an end all the same', async () => {
  await using folder = await openFolder()
  await using log = open(folder.path)
  assert.equal(log.add(event(1, { reason: 'eaten_by_a_grue' as 'revoked' })), true)
  assert.equal(log.find('ses_1')?.reason, 'revoked')
  assert.equal(log.add({ ...event(2), at: 'yesterday' }), false)
  assert.equal(log.seq, 1)
})

test('cut off at any byte, the file loses nothing silently: an entry is still there, or is asked for again', async () => {
  await using folder = await openFolder()
  const file = join(folder.path, 'revocations.jsonl')
  const events = [1, 2, 3, 4, 5, 6].map((seq) => event(seq))
  {
    await using log = open(folder.path)
    for (const each of events.slice(0, 3)) log.add(each)
    await log.flush()
    for (const each of events.slice(3)) log.add(each)
  }
  const whole = await readFile(file)
  const lineEnds = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1)

  await assertProperty(
    asyncProperty(integer({ min: 0, max: whole.length }), async (length) => {
      await writeFile(file, whole)
      await truncate(file, length)
      const log = open(folder.path)
      const linesLeft = lineEnds.filter((end) => end <= length).length
      for (const [index, { session_id, seq }] of events.entries()) {
        const isKept = log.has(session_id)
        assert.ok(isKept || index + 1 >= linesLeft, `${session_id} was whole on disk at ${length}`)
        assert.ok(isKept || log.seq < seq, `${session_id} was lost at ${length} and is not asked for`)
      }
      // The header and what was written with it cannot be torn, only damaged: then no older proof is believed by itself.
      if (linesLeft < 2) assert.equal(log.floorMs, NOW)

      // And it goes on from there: the next entry is not glued to a torn one.
      log.add(event(7))
      await log[Symbol.asyncDispose]()
      await using again = open(folder.path)
      assert.equal(again.has('ses_7'), true)
      assert.equal(again.has('ses_1'), linesLeft >= 2)
    }),
    { numRuns: 120 },
  )
})

test('damage in the middle is told, and everything is read again', async () => {
  await using folder = await openFolder()
  const file = join(folder.path, 'revocations.jsonl')
  {
    await using log = open(folder.path)
    for (const seq of [1, 2, 3]) log.add(event(seq))
  }
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('"ses_2"', '"ses_2'))
  const problems: string[] = []
  await using log = open(folder.path, { problems })
  assert.deepEqual([log.seq, log.has('ses_1'), log.has('ses_3'), log.floorMs], [0, true, true, NOW])
  assert.match(problems[0]!, /is damaged/)
})

test('a folder of another environment is refused in one line that names both', async () => {
  await using folder = await openFolder()
  {
    await using log = open(folder.path)
    log.add(event(1))
  }
  const other = () =>
    new RevocationLog({ dataDir: folder.path, environment: 'production', now: () => NOW, onProblem: () => {} })
  assert.throws(other, /environment "test".*"production"/)
})

test('too many to keep: the oldest go, and no proof from before them is believed by itself', async () => {
  await using folder = await openFolder()
  const problems: string[] = []
  {
    await using log = open(folder.path, { max: 3, problems })
    for (const seq of [1, 2, 3, 4]) log.add(event(seq, {}, NOW - 1000 + seq))
    assert.deepEqual([log.size, log.has('ses_1'), log.floorMs], [3, false, NOW - 999])
    assert.match(problems[0]!, /no longer believed/)
  }
  await using log = open(folder.path, { max: 3 })
  assert.deepEqual([log.size, log.floorMs], [3, NOW - 999])
})

test('many that are long over make way without a word', async () => {
  await using folder = await openFolder()
  const problems: string[] = []
  await using log = open(folder.path, { max: 3, problems })
  for (const seq of [1, 2, 3, 4]) log.add(event(seq, {}, NOW - 60 * 60_000))
  assert.deepEqual([log.size, log.floorMs, problems], [3, 0, []])
})

test('the file does not grow for ever', async () => {
  await using folder = await openFolder()
  await using log = open(folder.path)
  for (let round = 0; round < 4; round++) {
    for (let index = 0; index < 4000; index++) log.add(event(round * 4000 + index, { session_id: `ses_${index % 10}` }))
    await log.flush()
  }
  assert.equal(log.size, 10)
  assert.ok((await stat(join(folder.path, 'revocations.jsonl'))).size < 2_000_000)
})

test('a disk that takes nothing is told, memory knows all the same, and the disk is caught up with later', async () => {
  await using folder = await openFolder()
  // Root writes into any folder but one that is not there.
  const dataDir = join(folder.path, 'inner')
  const problems: string[] = []
  const log = open(dataDir, { problems })
  await rm(dataDir, { recursive: true })
  log.add(event(1))
  await log.flush()
  assert.equal(log.has('ses_1'), true)
  assert.match(problems[0]!, /cannot be written/)

  await mkdir(dataDir)
  log.add(event(2))
  await log[Symbol.asyncDispose]()
  await using again = open(dataDir)
  assert.deepEqual([again.has('ses_1'), again.has('ses_2')], [true, true])
})

test('a deadline of fail-over is known after a restart, gives way to what came after it, and holds the place in the feed', async () => {
  await using folder = await openFolder()
  const deadline = (seq: number, dueMs: number | null) => ({
    seq,
    session_id: 'ses_stand_in',
    due_at: dueMs === null ? null : new Date(dueMs).toISOString(),
    forget_at: new Date(NOW + REVOCATION_KEPT_MS).toISOString(),
  })
  const problems: string[] = []
  {
    await using log = open(folder.path, { problems })
    log.add(event(1))
    assert.equal(log.addDeadline(deadline(2, NOW + 900_000)), true)
    assert.equal(log.addDeadline({ ...deadline(3, 0), due_at: 'soon' }), false)
    assert.deepEqual([log.dueMs('ses_stand_in'), log.has('ses_stand_in')], [NOW + 900_000, false])
  }
  {
    await using log = open(folder.path, { problems })
    assert.deepEqual([log.seq, log.dueMs('ses_stand_in'), log.floorMs], [2, NOW + 900_000, 0])
    log.addDeadline(deadline(3, null))
  }
  await using log = open(folder.path, { problems })
  assert.deepEqual([log.seq, log.dueMs('ses_stand_in'), log.has('ses_1')], [3, undefined, true])
  assert.deepEqual(problems, [])
})

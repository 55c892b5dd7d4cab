import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type pg from 'pg'
import { secretFrom } from '../../../platform/secret.ts'
import { beginNewLine, erasePersonal, readSealStatus, retainEntries, sayProblem, verifyAudit } from '../index.ts'
import { type AuditTestBench, openAuditTestBench } from '../testing.ts'

const insert = (action: string) =>
  `insert into audit.entry (at, action, actor_kind, actor_id, subject_kind, subject_id, facts)
   values ('2026-11-21T08:00:00Z', '${action}', 'person', 'usr_1', 'user', 'usr_1', '{}') returning id::int as id`

async function sealed(count: number, batchMax: number): Promise<AuditTestBench> {
  const bench = await openAuditTestBench()
  for (let index = 1; index <= count; index++) await bench.append('thing.made', { index })
  assert.equal(await bench.seal(batchMax), count)
  return bench
}
const kindsOf = ({ problems }: { problems: { kind: string }[] }) => problems.map((problem) => problem.kind)

test('an untouched audit verifies, and says how far it is sealed', async () => {
  await using bench = await sealed(7, 3)
  await bench.append('thing.made')
  const verified = await bench.verify()
  assert.deepEqual(verified.problems, [])
  assert.equal(verified.number, '3')
  assert.equal(verified.entries, 7)
  assert.equal(verified.unsealed, 1)
  const status = await readSealStatus(bench.db)
  assert.equal(status.number, '3')
  assert.equal(status.digest, verified.digest)
  assert.equal(status.unsealed, 1)
})

test('nothing to seal makes no batch, and after idleness it goes on', async () => {
  await using bench = await sealed(1, 10)
  assert.equal(await bench.seal(), 0)
  assert.equal((await readSealStatus(bench.db)).number, '1')
  await bench.append('thing.made')
  assert.equal(await bench.seal(), 1)
  assert.deepEqual((await bench.verify()).problems, [])
})

test('what somebody with the database in hand does to it is named', async (t) => {
  const tampered: [title: string, statement: string, says: string[]][] = [
    [
      'a changed fact',
      `update audit.entry set facts = '{"index":9}' where id = 4`,
      ['aud_4 was changed after it was sealed (batch 2).'],
    ],
    [
      'a changed time',
      `update audit.entry set at = at + interval '1 microsecond' where id = 1`,
      ['aud_1 was changed after it was sealed (batch 1).'],
    ],
    [
      'another address',
      `update audit.entry set address = '198.51.100.1' where id = 2`,
      ['aud_2 was changed after it was sealed (batch 1).'],
    ],
    [
      'an address that came back',
      `update audit.entry set personal_salt = null where id = 2`,
      ['aud_2 was changed after it was sealed (batch 1).'],
    ],
    [
      'a deleted row',
      `delete from audit.entry where id = 5`,
      ['aud_5 was sealed and is not there any more (batch 2).'],
    ],
    [
      'an inserted old row',
      `insert into audit.entry (xid, at, action, actor_kind, actor_id, subject_kind, subject_id, facts)
       select xid, at, action, actor_kind, actor_id, subject_kind, subject_id, facts from audit.entry where id = 2`,
      ['aud_8 was inserted behind a seal (batch 1).'],
    ],
    [
      'a row moved to another place',
      `update audit.entry set xid = (select xid from audit.entry where id = 6) where id = 1`,
      ['aud_1 was sealed and is not there any more (batch 1).', 'aud_1 was inserted behind a seal (batch 2).'],
    ],
    [
      'a deleted batch',
      `delete from audit.seal where number = 2`,
      ['batch 2 is not there any more.', 'batch 3 does not hang on the one before it.'],
    ],
    [
      'swapped batches',
      `update audit.seal set number = 10 - number where number in (1, 9);
       update audit.seal set number = 1 where number = 2; update audit.seal set number = 2 where number = 9`,
      [
        'batch 1 does not hang on the one before it.',
        'batch 1 itself was changed.',
        'batch 2 does not hang on the one before it.',
        'batch 2 itself was changed.',
        'batch 3 does not hang on the one before it.',
      ],
    ],
    [
      'a digest made anew without the secret',
      `update audit.seal set digest = sha256('made anew') where number = 3`,
      ['batch 3 itself was changed.', 'batch 3 was not sealed with the secret of this installation.'],
    ],
    [
      'what is known of an entry',
      `update audit.seal set leaves = substring(leaves for 80) where number = 1`,
      ['batch 1 itself was changed.', 'aud_3 was inserted behind a seal (batch 1).'],
    ],
  ]
  for (const [title, statement, says] of tampered) {
    await t.test(title, async () => {
      await using bench = await sealed(7, 3)
      await bench.tamper(statement)
      assert.deepEqual((await bench.verify()).problems.map(sayProblem), says)
    })
  }
})

test('an end that was cut off is seen by whoever noted the digest elsewhere', async () => {
  await using bench = await sealed(7, 3)
  const { number, digest } = await bench.verify()
  const noted = { number, digest: digest! }
  assert.deepEqual((await bench.verify(noted)).problems, [])
  await bench.tamper('delete from audit.entry where id > 6; delete from audit.seal where number = 3')
  assert.deepEqual((await bench.verify()).problems, [])
  assert.deepEqual((await bench.verify(noted)).problems, [{ kind: 'not as noted', number: '3' }])
})

test('a chain that verifies under one secret does not under another', async () => {
  await using bench = await sealed(2, 10)
  const other = { databaseUrl: bench.databaseUrl, clock: bench.clock, secret: secretFrom(Buffer.alloc(32, 8)) }
  assert.deepEqual(kindsOf(await verifyAudit(other)), ['bad mac'])
})

test('neither the role of access nor the owner changes, deletes or empties the audit', async () => {
  await using bench = await sealed(2, 10)
  const app = await bench.connect()
  const { default: pg } = await import('pg')
  const owner = new pg.Client({ connectionString: bench.ownerUrl })
  await owner.connect()
  try {
    for (const client of [app, owner]) {
      for (const statement of [
        `update audit.entry set action = 'nothing' where id = 1`,
        `update audit.entry set address = '198.51.100.1' where id = 1`,
        'delete from audit.entry where id = 1',
        `select set_config('audit.retaining', 'yes', true); delete from audit.entry where id = 1`,
        `update audit.seal set count = 0`,
        'delete from audit.seal',
      ]) {
        await assert.rejects(client.query(statement), /only appended to/, statement)
      }
    }
    await assert.rejects(
      app.query(`begin; select set_config('audit.retaining', 'on', true); delete from audit.entry where id = 1`),
      /only appended to/,
    )
    await assert.rejects(app.query('rollback; truncate audit.entry'), /permission denied/)
    await assert.rejects(owner.query('truncate audit.entry'), /only appended to/)
  } finally {
    await owner.end()
  }
})

test('where from and with what somebody did things can be erased, and the chain still holds', async () => {
  await using bench = await sealed(1, 10)
  const by = {
    kind: 'person' as const,
    id: 'usr_2',
    impersonatorId: null,
    address: '203.0.113.9',
    userAgent: 'Firefox',
  }
  await bench.db.transaction((tx) =>
    bench.audit(tx, { by, action: 'session.ended', subject: { kind: 'session', id: 'ses_1' } }),
  )
  await bench.seal()
  assert.equal(await bench.db.transaction((tx) => erasePersonal(tx, 'usr_2')), 1)
  const { rows } = await bench.tamper(
    `select address, user_agent, personal_salt, actor_id from audit.entry where actor_id = 'usr_2'`,
  )
  assert.deepEqual(rows, [{ address: null, user_agent: null, personal_salt: null, actor_id: 'usr_2' }])
  assert.deepEqual((await bench.verify()).problems, [])
})

test('a transaction that stays open holds the seal back, and nothing else', async () => {
  await using bench = await openAuditTestBench()
  const slow = await bench.connect()
  await slow.query('begin')
  await slow.query(insert('slow'))
  await bench.append('quick')
  assert.equal(await bench.sealNow(), 0)
  const { unsealed, oldestUnsealedAt } = await readSealStatus(bench.db)
  assert.equal(unsealed, 1)
  assert.ok(oldestUnsealedAt)
  await slow.query('commit')
  assert.equal(await bench.seal(), 2)
  assert.deepEqual((await bench.verify()).problems, [])
})

test('of two processes that seal at once, nothing is left out and nothing is sealed twice', async () => {
  await using bench = await openAuditTestBench()
  for (let index = 0; index < 12; index++) await bench.append('thing.made')
  const counts = await Promise.all([bench.sealNow(2), bench.sealNow(2), bench.sealNow(2)])
  await bench.seal(2)
  assert.ok(counts.every((count) => count <= 12))
  const verified = await bench.verify()
  assert.deepEqual(verified.problems, [])
  assert.equal(verified.entries, 12)
})

test('retention deletes the oldest batches whole, says so, and the rest still verifies', async () => {
  await using bench = await sealed(7, 3)
  bench.clock.set(new Date('2026-12-21T08:00:00Z'))
  await bench.append('thing.made')
  await bench.seal()
  assert.equal(await retainEntries(bench, 20 * 86_400_000), 7)
  await bench.seal()
  const verified = await bench.verify()
  assert.deepEqual(verified.problems, [])
  assert.equal(verified.retained, '7')
  const { rows } = await bench.tamper('select action from audit.entry order by id')
  assert.deepEqual(rows, [{ action: 'thing.made' }, { action: 'audit.retained' }])
  assert.equal(await retainEntries(bench, 20 * 86_400_000), 0)

  await bench.tamper('update audit.anchor set entries = 1')
  assert.deepEqual(kindsOf(await bench.verify()), ['bad anchor'])
})

test('what stands where retention has deleted was inserted', async () => {
  await using bench = await sealed(3, 3)
  const { rows } = await bench.tamper('select xid::text as xid from audit.entry where id = 1')
  bench.clock.set(new Date('2026-12-21T08:00:00Z'))
  await retainEntries(bench, 1000)
  await bench.seal()
  await bench.tamper(`insert into audit.entry (xid, at, action, actor_kind, actor_id, subject_kind, subject_id, facts)
    values ('${rows[0].xid}', now(), 'forged', 'person', 'usr_1', 'user', 'usr_1', '{}')`)
  assert.deepEqual(kindsOf(await bench.verify()), ['inserted'])
})

test('a database restored where transactions are counted anew goes on in a line of its own', async (t) => {
  /** As if this server had counted a million transactions less than the one that wrote what is there. */
  const restore = `
    update audit.entry set xid = (xid::text::bigint + 1000000)::text::xid8;
    update audit.seal set from_xid = (from_xid::text::bigint + 1000000)::text::xid8 where from_xid > '0'::xid8;
    update audit.seal set to_xid = (to_xid::text::bigint + 1000000)::text::xid8`
  /** The batches have to be made where the numbers are high: moved there before they are sealed. */
  const restored = async () => {
    const bench = await openAuditTestBench()
    for (let index = 0; index < 3; index++) await bench.append('before')
    await bench.seal()
    await bench.append('before, and not sealed')
    const { rows } = await bench.tamper('select xid::text as xid, id::text as id from audit.entry order by id')
    await bench.tamper(restore)
    const { sealsAfter } = await import('./queries.ts')
    const { digestOfSeal, leavesOf, macOfSeal } = await import('./seal.ts')
    const { entriesWithin } = await import('./queries.ts')
    const [seal] = await sealsAfter(bench.db, '0', 1)
    const stretch = { from: { xid: '0', id: '0' }, to: { xid: seal!.to_xid, id: '0' }, afterId: '0', untilId: '99' }
    const made = { ...seal!, leaves: leavesOf(await entriesWithin(bench.db, stretch, 10)) }
    const digest = digestOfSeal(made)
    const hex = (bytes: Buffer) => `'\\x${bytes.toString('hex')}'`
    await bench.tamper(`update audit.seal set leaves = ${hex(made.leaves)}, digest = ${hex(digest)},
      mac = ${hex(macOfSeal(bench.secret, digest))}`)
    assert.equal(rows.length, 4)
    return bench
  }
  await t.test('when the restore says so', async () => {
    await using bench = await restored()
    assert.equal(await bench.db.transaction((tx) => beginNewLine(tx, bench.clock.now())), 2)
    await bench.append('after')
    assert.equal(await bench.seal(), 2)
    const verified = await bench.verify()
    assert.deepEqual(verified.problems, [])
    assert.equal(verified.entries, 5)
    assert.equal(verified.lines, 2)
  })
  await t.test('when nobody says so', async () => {
    await using bench = await restored()
    await bench.append('after')
    assert.equal(await bench.seal(), 2)
    await bench.append('later')
    assert.equal(await bench.seal(), 1)
    const verified = await bench.verify()
    assert.deepEqual(verified.problems, [])
    assert.equal(verified.entries, 6)
    assert.equal(verified.lines, 2)
  })
})

/** What writers do to the audit, one step after the other; ids and commits fall as they may. */
type Step = { does: 'append' | 'commit' | 'roll back'; writer: number } | { does: 'seal'; batchMax: number }
const steps = fc.array(
  fc.oneof(
    fc.record({ does: fc.constantFrom('append' as const, 'commit' as const, 'roll back' as const), writer: fc.nat(3) }),
    fc.record({ does: fc.constant('seal' as const), batchMax: fc.integer({ min: 1, max: 4 }) }),
  ),
  { minLength: 5, maxLength: 40 },
)

test('whatever the order in which writers commit, every entry is sealed once', async () => {
  await using bench = await openAuditTestBench()
  const writers = await Promise.all([0, 1, 2, 3].map(() => bench.connect()))
  const open = new Map<pg.Client, number>()
  let kept = 0
  const end = async (writer: pg.Client, how: 'commit' | 'rollback') => {
    if (how === 'commit') kept += open.get(writer) ?? 0
    open.delete(writer)
    await writer.query(how)
  }
  async function take(step: Step): Promise<void> {
    if (step.does === 'seal') {
      await bench.sealNow(step.batchMax)
      return
    }
    const writer = writers[step.writer]!
    if (step.does !== 'append')
      return open.has(writer) ? end(writer, step.does === 'commit' ? 'commit' : 'rollback') : undefined
    if (!open.has(writer)) await writer.query('begin')
    await writer.query(insert('thing.made'))
    open.set(writer, (open.get(writer) ?? 0) + 1)
  }
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      for (const step of sequence) await take(step)
      for (const writer of open.keys()) await end(writer, 'commit')
      await bench.seal()
      const verified = await bench.verify()
      assert.deepEqual(verified.problems, [])
      assert.equal(verified.entries, kept)
      assert.equal(verified.unsealed, 0)
    }),
    { numRuns: 15, seed: 20261121 },
  )
})

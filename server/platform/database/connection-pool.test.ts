import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { silentLog } from '../log.ts'
import { startTestPostgres, type TestPostgres } from '../testing/index.ts'
import { type ConnectionPool, openConnectionPool, type PoolLimits } from './connection-pool.ts'
import { migrate } from './migrate.ts'
import { onOneConnection } from './one-connection.ts'
import { DatabaseOutage } from './outage.ts'
import { sql } from './sql.ts'
import { eventually, openWire } from './testing.ts'

const limits: PoolLimits = { size: 2, acquireMs: 600, queryMs: 600, transactionMs: 1500 }
const ASK_MS = 10_000

let server: TestPostgres
before(async () => {
  server = await startTestPostgres()
  await migrate({ ownerUrl: server.ownerUrl, appRole: 'holdfast_app', sources: [], log: silentLog })
  await onOneConnection(server.ownerUrl, ASK_MS, async (db) => {
    await db.run(sql`create table note (id int primary key, said text not null)`)
    await db.run(sql`grant select, insert, update, delete on note to holdfast_app`)
  })
})
after(() => server.close())

interface Fates {
  answers: number
  outages: DatabaseOutage[]
}

async function withPool<T>(
  work: (pool: ConnectionPool, fates: Fates) => Promise<T>,
  options: { url?: string; limits?: PoolLimits } = {},
): Promise<T> {
  const fates: Fates = { answers: 0, outages: [] }
  const pool = openConnectionPool({
    url: options.url ?? server.databaseUrl,
    name: 'holdfast test',
    limits: options.limits ?? limits,
    onCall: () => 0,
    onAnswer() {
      fates.answers += 1
    },
    onOutage: (error) => fates.outages.push(error),
  })
  try {
    return await work(pool, fates)
  } finally {
    pool.destroy()
  }
}

const said = (id: number) =>
  onOneConnection(server.ownerUrl, ASK_MS, (db) =>
    db.maybe<{ said: string }>(sql`select said from note where id = ${id}`),
  )
const isOutage = (outcome: 'failed' | 'unknown') => (error: unknown) =>
  error instanceof DatabaseOutage && error.outcome === outcome

test('what is asked is answered, and a bug in a statement is a bug and no outage', async () => {
  await withPool(async (pool, fates) => {
    assert.deepEqual(await pool.one(sql`select ${1}::int as n`), { n: 1 })
    assert.equal(await pool.maybe(sql`select said from note where id = 0`), undefined)
    await assert.rejects(pool.many(sql`select nonsense`), { code: '42703' })
    await assert.rejects(pool.one(sql`select 1 where false`), /expected one row, got 0/)
    await assert.rejects(pool.maybe(sql`select generate_series(1, 2)`), /one row at most, got 2/)
    assert.equal(fates.outages.length, 0)
    assert.equal(fates.answers, 5)
  })
})

test('a transaction is kept as a whole, or not at all', async () => {
  await withPool(async (pool) => {
    await pool.transaction(async (db) => {
      await db.run(sql`insert into note values (1, 'one')`)
      await db.run(sql`insert into note values (2, 'two')`)
    })
    const mistake = new Error('changed my mind')
    await assert.rejects(
      pool.transaction(async (db) => {
        await db.run(sql`insert into note values (3, 'three')`)
        throw mistake
      }),
      mistake,
    )
    assert.deepEqual([await said(1), await said(2), await said(3)], [{ said: 'one' }, { said: 'two' }, undefined])
    // Both connections are still good.
    await Promise.all([1, 2, 3].map((n) => pool.one(sql`select ${n}::int as n`)))
  })
})

test('an error that the work swallowed does not commit the rest of its transaction', async () => {
  await withPool(async (pool) => {
    await assert.rejects(
      pool.transaction(async (db) => {
        await db.run(sql`insert into note values (10, 'ten')`)
        await db.run(sql`insert into note values (10, 'again')`).catch(() => {})
      }),
      { code: '23505' },
    )
    assert.equal(await said(10), undefined)
  })
})

test('a statement that comes after its transaction has ended is refused, whoever has the connection then', async () => {
  await withPool(async (pool) => {
    const kept = await pool.transaction(async (db) => db)
    await assert.rejects(kept.run(sql`insert into note values (11, 'late')`), /came after its transaction had ended/)
    assert.equal(await said(11), undefined)
  })
})

test('a single statement that changes something is fenced as well', async () => {
  await withPool(async (pool) => {
    const { opened } = await pool.one<{ opened: string }>(sql`
      insert into note values (12, 'twelve') returning current_setting('holdfast.opened_at') as opened`)
    assert.match(opened, /^\d{4}-/)
  })
})

test('a transaction whose server was stopped over its deadline is not committed when the server wakes up', async () => {
  await withPool(async (pool) => {
    const outcome = await pool
      .transaction(async (db) => {
        await db.run(sql`insert into note values (20, 'late')`)
        server.stopAll()
      })
      .then(
        () => 'committed',
        (error: unknown) => (error instanceof DatabaseOutage ? error.outcome : error),
      )
      .finally(() => server.continueAll())
    // The COMMIT had been sent: whether it was carried out is not known here.
    assert.equal(outcome, 'unknown')
    // Woken up, it carries out what lies in its socket, and meets the fence.
    await eventually(async () => {
      const { busy } = await onOneConnection(server.ownerUrl, ASK_MS, (db) =>
        db.one<{ busy: number }>(sql`
          select count(*)::int as busy from pg_stat_activity where application_name = 'holdfast test'`),
      )
      return busy === 0 || undefined
    })
    assert.equal(await said(20), undefined)
  })
})

test('a single write whose server was stopped over its deadline is not committed when the server wakes up', async () => {
  await withPool(async (pool) => {
    await pool.warm()
    server.stopAll()
    const written = pool.run(sql`insert into note values (21, 'late')`)
    await assert.rejects(written, isOutage('failed')).finally(() => server.continueAll())
    await pool.one(sql`select 1 as one`)
    assert.equal(await said(21), undefined)
  })
})

test('the answer to a COMMIT that was lost is unknown, and it may have been carried out', async () => {
  await using wire = await openWire(server.databaseUrl)
  await withPool(
    async (pool) => {
      wire.loseAnswersAfter('commit')
      await assert.rejects(
        pool.transaction((db) => db.run(sql`insert into note values (30, 'kept')`)),
        isOutage('unknown'),
      )
      assert.deepEqual(await said(30), { said: 'kept' })
    },
    { url: wire.url },
  )
})

test('a connection that is lost before the COMMIT is a failure: nothing was changed', async () => {
  await using wire = await openWire(server.databaseUrl)
  await withPool(
    async (pool) => {
      wire.loseAnswersAfter('insert into note')
      await assert.rejects(
        pool.transaction((db) => db.run(sql`insert into note values (31, 'lost')`)),
        isOutage('failed'),
      )
    },
    { url: wire.url },
  )
  assert.equal(await said(31), undefined)
})

test('work that catches an outage inside its transaction commits nothing all the same', async () => {
  await using wire = await openWire(server.databaseUrl)
  await withPool(
    async (pool) => {
      wire.loseAnswersAfter('pg_sleep(0)')
      await assert.rejects(
        pool.transaction(async (db) => {
          await db.run(sql`insert into note values (32, 'lost')`)
          await db.run(sql`select pg_sleep(0)`).catch(() => {})
        }),
        isOutage('failed'),
      )
    },
    { url: wire.url },
  )
  assert.equal(await said(32), undefined)
})

test('a client whose statement timed out here is destroyed and never handed out again', async () => {
  await using wire = await openWire(server.databaseUrl)
  await withPool(
    async (pool) => {
      const pidOf = async () => (await pool.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)).pid
      const first = await pidOf()
      wire.loseAnswersAfter('select 7')
      await assert.rejects(pool.one(sql`select 7 as lucky`), isOutage('unknown'))
      // One connection at most, so that a poisoned one could not hide behind another.
      const others = [await pidOf(), await pidOf(), await pidOf()]
      assert.ok(!others.includes(first))
    },
    { url: wire.url, limits: { ...limits, size: 1 } },
  )
})

test('a statement that the server itself gives up is a failure, an answer, and no reason to lose the connection', async () => {
  await withPool(
    async (pool, fates) => {
      const pidOf = async () => (await pool.one<{ pid: number }>(sql`select pg_backend_pid() as pid`)).pid
      const before = await pidOf()
      await assert.rejects(pool.one(sql`select pg_sleep(5)`), isOutage('failed'))
      assert.equal(await pidOf(), before)
      assert.deepEqual(fates.outages, [])
    },
    { limits: { ...limits, size: 1, queryMs: 1500 } },
  )
})

test('a row that somebody holds is a failure within the lock’s own deadline', async () => {
  await withPool(async (pool, fates) => {
    await pool.run(sql`insert into note values (40, 'held')`)
    await pool.transaction(async (db) => {
      await db.run(sql`update note set said = 'mine' where id = 40`)
      await assert.rejects(pool.run(sql`update note set said = 'theirs' where id = 40`), isOutage('failed'))
    })
    assert.deepEqual(await said(40), { said: 'mine' })
    assert.deepEqual(fates.outages, [])
  })
})

test('work that never ends is given up with its transaction, and keeps no connection', async () => {
  await withPool(
    async (pool) => {
      await assert.rejects(
        pool.transaction(() => new Promise(() => {})),
        isOutage('failed'),
      )
      await pool.one(sql`select 1 as one`)
    },
    { limits: { ...limits, size: 1, transactionMs: 300 } },
  )
})

test('who waits for a connection waits until its deadline, and no longer', async () => {
  await withPool(
    async (pool) => {
      const done = Promise.withResolvers<void>()
      const holding = pool.transaction(() => done.promise)
      await assert.rejects(pool.one(sql`select 1 as one`), isOutage('failed'))
      done.resolve()
      await holding
      await pool.one(sql`select 1 as one`)
    },
    { limits: { ...limits, size: 1, acquireMs: 200, transactionMs: 20_000 } },
  )
})

test('a pool that is thrown away ends what is under way, what waits and what comes, at once', async () => {
  await withPool(
    async (pool) => {
      const underWay = pool.transaction(() => new Promise(() => {}))
      const waiting = pool.one(sql`select 1 as one`)
      // Both are rejected before the patience of either has run out.
      setImmediate(() => pool.destroy())
      await assert.rejects(waiting, /no connection to the database/)
      await assert.rejects(pool.one(sql`select 1 as one`), isOutage('failed'))
      await assert.rejects(underWay, isOutage('failed'))
    },
    { limits: { size: 1, acquireMs: 20_000, queryMs: 20_000, transactionMs: 1500 } },
  )
})

test('nobody’s URL can lift the deadlines that stand on every connection', async () => {
  const url = new URL(server.databaseUrl)
  url.searchParams.set('statement_timeout', '0')
  url.searchParams.set('options', '-c lock_timeout=0')
  url.searchParams.set('application_name', 'somebody else')
  await withPool(
    async (pool) => {
      const row = await pool.one(sql`
        select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
               current_setting('idle_in_transaction_session_timeout') as idle,
               current_setting('application_name') as name`)
      assert.deepEqual(row, { statement: '480ms', lock: '480ms', idle: '5s', name: 'holdfast test' })
    },
    { url: url.href },
  )
})

test('all connections of a pool are made ahead', async () => {
  await withPool(async (pool) => {
    await pool.warm()
    const { open } = await onOneConnection(server.ownerUrl, ASK_MS, (db) =>
      db.one<{ open: number }>(sql`
        select count(*)::int as open from pg_stat_activity where application_name = 'holdfast test'`),
    )
    assert.equal(open, limits.size)
  })
})

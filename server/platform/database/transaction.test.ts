import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { silentLog } from '../log.ts'
import { startTestPostgres, type TestPostgres } from '../testing/index.ts'
import { type ConnectionPool, openConnectionPool } from './connection-pool.ts'
import { migrate } from './migrate.ts'
import { onOneConnection } from './one-connection.ts'
import { DatabaseOutage } from './outage.ts'
import { prepared, type Statement, sql } from './sql.ts'
import { openWire } from './testing.ts'
import { withCommit } from './transaction.ts'

const ASK_MS = 10_000
let server: TestPostgres
before(async () => {
  server = await startTestPostgres()
  await migrate({ ownerUrl: server.ownerUrl, appRole: 'holdfast_app', sources: [], log: silentLog })
  await onOneConnection(server.ownerUrl, ASK_MS, async (db) => {
    await db.run(sql`create table told (id int generated always as identity, said text not null unique)`)
    await db.run(sql`grant select, insert, update, delete on told to holdfast_app`)
  })
})
after(() => server.close())

/** One connection, so that whatever one transaction leaves behind the next one meets. */
async function withPool<T>(work: (pool: ConnectionPool) => Promise<T>, url = server.databaseUrl): Promise<T> {
  const limits = { size: 1, acquireMs: 600, queryMs: 600, transactionMs: 1500 }
  const pool = openConnectionPool({ url, name: 'holdfast test', limits, onCall: () => 0, onAnswer() {}, onOutage() {} })
  try {
    return await work(pool)
  } finally {
    pool.destroy()
  }
}

const written: number[] = []
/** Each kind of what is told has one function of its own. */
function tellAll(said: readonly string[]): Statement {
  written.push(said.length)
  return prepared(sql`insert into told (said) select * from unnest(${said}::text[])`)
}
const told = async (like: string) =>
  (
    await onOneConnection(server.ownerUrl, ASK_MS, (db) =>
      db.many<{ said: string }>(sql`select said from told where said like ${like} order by id`),
    )
  ).map(({ said }) => said)
/** In no transaction that somebody left open. */
const isIdle = (pool: ConnectionPool) =>
  pool.one(sql`select now() = statement_timestamp() as idle`).then((row) => (row as { idle: boolean }).idle)

test('what is told in a transaction is written in one statement with its COMMIT, in the order in which it was told', async () => {
  await withPool(async (pool) => {
    written.length = 0
    await pool.transaction(async (db) => {
      for (const said of ['a1', 'a2', 'a3']) await db.gather(tellAll, said)
      assert.deepEqual(await db.many(sql`select 1 from told where said like 'a%'`), [])
    })
    assert.deepEqual(written, [3])
    assert.deepEqual(await told('a%'), ['a1', 'a2', 'a3'])
  })
})

test('more than fits into one statement is written in portions', async () => {
  await withPool(async (pool) => {
    written.length = 0
    await pool.transaction(async (db) => {
      for (let index = 0; index < 230; index++) await db.gather(tellAll, `b${String(index).padStart(3, '0')}`)
    })
    assert.deepEqual(written, [100, 100, 30])
    assert.equal((await told('b%')).length, 230)
    assert.equal((await told('b%'))[229], 'b229')
  })
})

test('outside a transaction what is told is written at once', async () => {
  await withPool(async (pool) => {
    await pool.gather(tellAll, 'c1')
    assert.deepEqual(await told('c%'), ['c1'])
  })
})

test('nothing is told of what was not done', async () => {
  await withPool(async (pool) => {
    const mistake = new Error('changed my mind')
    await assert.rejects(
      pool.transaction(async (db) => {
        await db.gather(tellAll, 'd1')
        throw mistake
      }),
      mistake,
    )
    assert.deepEqual(await told('d%'), [])
    assert.equal(await isIdle(pool), true)
  })
})

test('what cannot be told takes the transaction with it, and says itself what was wrong', async () => {
  await withPool(async (pool) => {
    await assert.rejects(
      pool.transaction(async (db) => {
        await db.run(sql`insert into told (said) values ('e1')`)
        await db.gather(tellAll, 'e1')
      }),
      { code: '23505' },
    )
    assert.deepEqual(await told('e%'), [])
    assert.equal(await isIdle(pool), true)
  })
})

test('a statement that nobody waits for leaves with the COMMIT, and its answer is there afterwards', async () => {
  await withPool(async (pool) => {
    const inserting = await pool.transaction(async (db) => {
      const one = withCommit(db.one<{ said: string }>(sql`insert into told (said) values ('f1') returning said`))
      return { one }
    })
    assert.deepEqual(await inserting.one, { said: 'f1' })
    assert.deepEqual(await told('f%'), ['f1'])
  })
})

test('a statement that nobody waits for and that fails takes the transaction with it', async () => {
  await withPool(async (pool) => {
    await assert.rejects(
      pool.transaction(async (db) => {
        await db.run(sql`insert into told (said) values ('g1')`)
        withCommit(db.one(sql`select platform.require(${1}::int = 2)`))
      }),
      { code: 'HF002' },
    )
    assert.deepEqual(await told('g%'), [])
    assert.equal(await isIdle(pool), true)
  })
})

test('work that fails before BEGIN was answered leaves no transaction open behind it', async () => {
  await withPool(async (pool) => {
    for (let index = 0; index < 3; index++) {
      await assert.rejects(
        pool.transaction(async () => {
          throw new Error('at once')
        }),
        /at once/,
      )
      assert.equal(await isIdle(pool), true)
    }
  })
})

test('until BEGIN is answered no change is sent, whatever is asked before it', async () => {
  await using wire = await openWire(server.databaseUrl)
  await withPool(async (pool) => {
    assert.equal(await isIdle(pool), true)
    wire.loseAnswersAfter('open_fence')
    const asked = pool.transaction(async (db) => {
      const reading = db.many(sql`select said from told limit 1`)
      const changing = db.run(sql`insert into told (said) values ('h1')`)
      await Promise.all([reading, changing])
    })
    await assert.rejects(asked, (error) => error instanceof DatabaseOutage && error.outcome === 'failed')
    assert.deepEqual(await told('h%'), [])
  }, wire.url)
})

test('statements that are asked together are carried out in their order', async () => {
  await withPool(async (pool) => {
    const [, rows] = await pool.transaction((db) =>
      Promise.all([
        db.run(sql`insert into told (said) values ('i1')`),
        db.many(sql`select said from told where said = 'i1'`),
        db.run(sql`update told set said = 'i2' where said = 'i1'`),
      ]),
    )
    assert.deepEqual(rows, [{ said: 'i1' }])
    assert.deepEqual(await told('i%'), ['i2'])
  })
})

test('a prepared statement is prepared once a connection, and answers like any other', async () => {
  await withPool(async (pool) => {
    const ask = (number: number) => pool.one<{ sum: number }>(prepared(sql`select ${number}::int + 1 as sum`))
    assert.deepEqual(await Promise.all([ask(1), ask(2), ask(3)]), [{ sum: 2 }, { sum: 3 }, { sum: 4 }])
    const kept = await pool.many<{ name: string }>(sql`
      select name from pg_prepared_statements where statement like '%+ 1 as sum%'`)
    assert.equal(kept.length, 1)
    assert.match(kept[0]!.name, /^holdfast \d+$/)
  })
})

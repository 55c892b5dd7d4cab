import pg from 'pg'
import { systemClock } from '../../platform/clock.ts'
import { type Database, type DatabaseServer, migrate, openDatabaseServer } from '../../platform/database/index.ts'
import { silentLog } from '../../platform/log.ts'
import { type Secret, secretFrom } from '../../platform/secret.ts'
import { createTestDatabase } from '../../platform/testing/index.ts'
import { type Audit, auditAt, BY_ITSELF, migrations, sealEntries, type Verified, verifyAudit } from './index.ts'

export interface AuditTestBench extends AsyncDisposable {
  db: Database
  databaseUrl: string
  ownerUrl: string
  secret: Secret
  audit: Audit
  clock: { now(): Date; monotonicMs(): number; set(at: Date): void }
  /** Appends in a transaction of its own. */
  append(action: string, facts?: Record<string, unknown>): Promise<void>
  /** All that was committed: the tests beside this one have transactions on the same server, which are waited for. */
  seal(batchMax?: number): Promise<number>
  /** What can be sealed at this moment. */
  sealNow(batchMax?: number): Promise<number>
  verify(noted?: { number: string; digest: string }): Promise<Verified>
  /** As the owner of the database, past every trigger: what an attacker inside it can do. */
  tamper(text: string): Promise<pg.QueryResult>
  /** A connection whose transactions the test itself begins and ends. */
  connect(): Promise<pg.Client>
}

const BEGAN = new Date('2026-11-21T08:00:00Z')

export async function openAuditTestBench(): Promise<AuditTestBench> {
  const store = await createTestDatabase()
  await migrate({ ownerUrl: store.ownerUrl, appRole: 'holdfast_app', sources: [migrations], log: silentLog })
  const server: DatabaseServer = openDatabaseServer({
    url: store.databaseUrl,
    name: 'test',
    clock: systemClock,
    log: silentLog,
  })
  let now = BEGAN
  const clock = { now: () => now, monotonicMs: () => now.getTime(), set: (at: Date) => void (now = at) }
  const db = server.database('background')
  const secret = secretFrom(Buffer.alloc(32, 7))
  const audit = auditAt(() => clock.now())
  const owner = new pg.Client({ connectionString: store.ownerUrl })
  await owner.connect()
  await owner.query('set session_replication_role = replica')
  const clients = [owner]
  const sealNow = (batchMax?: number) => sealEntries({ db, clock, secret, ...(batchMax && { batchMax }) })
  return {
    db,
    databaseUrl: store.databaseUrl,
    ownerUrl: store.ownerUrl,
    secret,
    audit,
    clock,
    async append(action, facts) {
      const by = { ...BY_ITSELF, address: '203.0.113.7', userAgent: 'test' }
      await db.transaction((tx) =>
        audit(tx, { by, action, subject: { kind: 'user', id: 'usr_1' }, facts: facts ?? {} }),
      )
    },
    async seal(batchMax) {
      await allBegunAreOver(owner)
      return sealNow(batchMax)
    },
    sealNow,
    verify: (noted) => verifyAudit({ databaseUrl: store.databaseUrl, secret, clock, noted }),
    tamper: (text) => owner.query(text),
    async connect() {
      const client = new pg.Client({ connectionString: store.databaseUrl })
      await client.connect()
      clients.push(client)
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client.end()
      await server[Symbol.asyncDispose]()
      await store.drop()
    },
  }
}

/** No clock: as many questions as fit into what a slow machine needs for somebody else's transaction. */
const QUESTIONS_MAX = 50_000

async function allBegunAreOver(client: pg.Client): Promise<void> {
  const ask = async (text: string) => BigInt((await client.query<{ xid: string }>(text)).rows[0]!.xid)
  const begun = await ask('select pg_snapshot_xmax(pg_current_snapshot())::text as xid')
  for (let count = 0; count < QUESTIONS_MAX; count++) {
    if ((await ask('select pg_snapshot_xmin(pg_current_snapshot())::text as xid')) >= begun) return
  }
  throw new Error('a transaction of another test stays open')
}

import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { askOnce, inDatabase } from '../postgres-server/index.ts'
import { type TestCluster, testCluster } from './test-cluster.ts'

/** A database of one's own on the run's cluster. */
export interface TestDatabase extends AsyncDisposable {
  /** As the role that owns nothing. */
  databaseUrl: string
  ownerUrl: string
  drop(): Promise<void>
}

export interface TestDatabaseOptions {
  /** Name of what the database is copied from; made by `prepare`, once a run. */
  template?: string
  /** Fills the template, usually by migrating; it must have closed its connections when it returns. */
  prepare?: (ownerUrl: string) => Promise<void>
}

const DATABASE_MS = 30_000
/** Whoever comes second waits for the first to have migrated. */
const TEMPLATE_MS = 120_000
/** Any number that no other advisory lock of ours has. */
const TEMPLATE_LOCK = 0x6866_7e57

/** Makes a database in some 30 ms, whatever its migrations take. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const cluster = await testCluster()
  const template = options.template ? await templateFor(cluster, options.template, options.prepare) : 'template1'
  const name = `test_${randomBytes(8).toString('hex')}`
  await ask(cluster, DATABASE_MS, (client) => createFrom(client, name, template))
  const drop = () =>
    ask(cluster, DATABASE_MS, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`)
    })
  return {
    databaseUrl: inDatabase(cluster.databaseUrl, name),
    ownerUrl: inDatabase(cluster.ownerUrl, name),
    drop,
    [Symbol.asyncDispose]: drop,
  }
}

async function createFrom(client: pg.Client, name: string, template: string): Promise<void> {
  await client.query(`create database ${name} template ${template} strategy file_copy`)
  await client.query(`grant connect, temporary on database ${name} to holdfast_app`)
}

async function templateFor(
  cluster: TestCluster,
  name: string,
  prepare: TestDatabaseOptions['prepare'],
): Promise<string> {
  const template = `template_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
  await ask(cluster, TEMPLATE_MS, async (client) => {
    // Held by this connection: it is free again when its holder is killed.
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template])
    if (rowCount === 1) return
    const making = `making_${randomBytes(8).toString('hex')}`
    await client.query(`create database ${making}`)
    await prepare?.(inDatabase(cluster.ownerUrl, making))
    // A copy is refused while anybody is connected, and somebody's pool may still be closing.
    await client.query(`alter database ${making} allow_connections false`)
    await client.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [making])
    await client.query(`alter database ${making} rename to ${template}`)
  })
  return template
}

function ask<T>(cluster: TestCluster, deadlineMs: number, talk: (client: pg.Client) => Promise<T>): Promise<T> {
  return askOnce(inDatabase(cluster.ownerUrl, 'postgres'), deadlineMs, talk)
}

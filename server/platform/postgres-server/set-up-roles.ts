import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { askOnce } from './ask-once.ts'
import { APP, DATABASE, inDatabase, OWNER, type Passwords } from './connection-file.ts'
import { hasEnded, type Launch, spawnPostmaster } from './launch.ts'
import { familyEnds, killFamily } from './process-family.ts'
import { PostgresRefused } from './refused.ts'

const SET_UP_MS = 15_000
const SINGLE_USER_MS = 60_000
const TRY_AGAIN_MS = 50

/** The role access runs as, and the database, when they are not there. Also finishes a first start that was cut off. */
export async function setUpRoles(ownerUrl: string, passwords: Passwords): Promise<void> {
  await askOnce(inDatabase(ownerUrl, 'postgres'), SET_UP_MS, async (client) => {
    if (!(await isThere(client, 'select 1 from pg_roles where rolname = $1', APP))) {
      await client.query(`create role ${APP} login password ${client.escapeLiteral(passwords.app)}`)
    }
    if (!(await isThere(client, 'select 1 from pg_database where datname = $1', DATABASE))) {
      await client.query(`create database ${DATABASE} owner ${OWNER}`)
    }
    await client.query(`revoke all on database ${DATABASE} from public`)
    await client.query(`grant connect on database ${DATABASE} to ${APP}`)
  })
}

async function isThere(client: pg.Client, question: string, name: string): Promise<boolean> {
  const { rowCount } = await client.query(question, [name])
  return rowCount === 1
}

/**
 * When `connection.json` was lost: the data are there and nobody knows the way in. Starts the server on nothing but a
 * socket in a folder that only we may enter, where the owner needs no password, and sets both anew.
 */
export async function setPasswordsAnew(options: Launch, passwords: Passwords): Promise<void> {
  const socketFolder = await mkdtemp(join(tmpdir(), 'hf-'))
  try {
    await options.runAs.giveToServer(socketFolder)
    const child = spawnPostmaster({
      ...options,
      settings: { ...options.settings, listen_addresses: '', unix_socket_directories: socketFolder },
    })
    const where = { host: socketFolder, port: options.port, user: OWNER, database: 'postgres' }
    const endsAt = performance.now() + SINGLE_USER_MS
    while (!(await alterBoth(where, passwords))) {
      if (hasEnded(child) || performance.now() > endsAt) {
        throw new PostgresRefused(`PostgreSQL could not be given new passwords: see ${options.logFile}.`)
      }
      await pause(TRY_AGAIN_MS, undefined, { signal: options.signal })
    }
    child.kill('SIGINT')
    await familyEnds(options.family, SET_UP_MS)
  } finally {
    await killFamily(options.family, SET_UP_MS)
    await rm(socketFolder, { recursive: true, force: true })
  }
}

async function alterBoth(where: pg.ClientConfig, passwords: Passwords): Promise<boolean> {
  return askOnce(where, SET_UP_MS, async (client) => {
    await client.query(`alter role ${OWNER} password ${client.escapeLiteral(passwords.owner)}`)
    if (await isThere(client, 'select 1 from pg_roles where rolname = $1', APP)) {
      await client.query(`alter role ${APP} password ${client.escapeLiteral(passwords.app)}`)
    }
    return true
  }).catch(() => false)
}

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { requireLoopback } from '../frame/loopback.ts'

/** A database of one environment, as docs/operating.md has it made: an owner who migrates, and a role that owns nothing. */
export interface EnvironmentDatabase {
  databaseUrl: string
  ownerUrl: string
  /** Of the drill alone. */
  superuserUrl: string
}

const DEADLINE_MS = 10_000

export async function makeEnvironmentDatabase(superuserUrl: string, name: string): Promise<EnvironmentDatabase> {
  const [owner, app] = [`${name}_owner`, `${name}_app`]
  const [ownerPassword, appPassword] = [randomBytes(18).toString('hex'), randomBytes(18).toString('hex')]
  await asSuperuser(superuserUrl, async (client) => {
    const id = (text: string) => client.escapeIdentifier(text)
    await client.query(`create role ${id(owner)} login password ${client.escapeLiteral(ownerPassword)}`)
    await client.query(`create role ${id(app)} login password ${client.escapeLiteral(appPassword)}`)
    await client.query(`create database ${id(name)} owner ${id(owner)}`)
    await client.query(`grant connect on database ${id(name)} to ${id(app)}`)
  })
  const as = (username: string, password: string) =>
    Object.assign(new URL(superuserUrl), { pathname: `/${name}`, username, password }).href
  return {
    databaseUrl: as(app, appPassword),
    ownerUrl: as(owner, ownerPassword),
    superuserUrl: Object.assign(new URL(superuserUrl), { pathname: `/${name}` }).href,
  }
}

/** One short conversation; no arm of a drill ever has this connection. */
export async function asSuperuser<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  requireLoopback(url)
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
    application_name: 'holdfast drill',
  })
  // A server that is ended with its drill breaks this off with nobody waiting for an answer.
  client.on('error', () => {})
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

import { randomBytes } from 'node:crypto'
import { readFileIfThere, replaceFile } from '../durable-file.ts'
import { HOST } from './free-port.ts'

export const OWNER = 'holdfast_owner'
/** What access runs as: it may use the tables and owns none of them. */
export const APP = 'holdfast_app'
export const DATABASE = 'holdfast'

/** `connection.json`, 0600: how this installation's own processes reach the embedded PostgreSQL. */
export interface Connection {
  port: number
  databaseUrl: string
  ownerUrl: string
}

export interface Passwords {
  app: string
  owner: string
}

const PASSWORD_BYTES = 24

export function newPasswords(): Passwords {
  return { app: newPassword(), owner: newPassword() }
}

function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url')
}

export function connectionFor(port: number, passwords: Passwords): Connection {
  return {
    port,
    databaseUrl: `postgres://${APP}:${passwords.app}@${HOST}:${port}/${DATABASE}`,
    ownerUrl: `postgres://${OWNER}:${passwords.owner}@${HOST}:${port}/${DATABASE}`,
  }
}

export function passwordsOf(connection: Connection): Passwords {
  return { app: new URL(connection.databaseUrl).password, owner: new URL(connection.ownerUrl).password }
}

export function inDatabase(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).toString()
}

/** Undefined when there is none, or none that can be used: then passwords are set anew. */
export async function readConnection(path: string): Promise<Connection | undefined> {
  const text = await readFileIfThere(path)
  if (text === undefined) return undefined
  try {
    const connection = JSON.parse(text) as Connection
    const { app, owner } = passwordsOf(connection)
    return app && owner && Number.isInteger(connection.port) ? connection : undefined
  } catch {
    return undefined
  }
}

export function writeConnection(path: string, connection: Connection): Promise<void> {
  return replaceFile(path, `${JSON.stringify(connection, null, 2)}\n`)
}

import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import type { Forwarded } from '../../platform/http/index.ts'
import { newSecret } from '../../platform/id.ts'
import type { Logger } from '../../platform/log.ts'
import { type Secret, sameDigest } from '../../platform/secret.ts'
import {
  type Application,
  type ApplicationRow,
  digestOfKey,
  environmentOfKey,
  formatKey,
  forwardKeyOf,
} from './application.ts'
import * as queries from './queries.ts'
import { readForwarded } from './read-forwarded.ts'
import { refuse } from './refusals.ts'

/** All applications in memory, kept on disk as last known good: an outage makes no application unknown. */
export interface ApplicationDirectory {
  find(id: string): Application | undefined
  /** The application whose `return_to` this may be. */
  findByOrigin(origin: string): Application | undefined
  /** Refuses a missing, foreign or unknown key. */
  authenticate(authorization: string | undefined): Application
  readForwarded(request: { method: string; path: string; headers: IncomingHttpHeaders }): Forwarded | undefined
  reload(): Promise<void>
  /** Registers an application under a key, or makes a key; returns the key. */
  register(application: { id: string; name: string; origins: string[]; key?: string | undefined }): Promise<string>
}

interface Known extends Application {
  keyDigest: Buffer | null
  forwardKey: Buffer | null
}

export async function openApplicationDirectory(options: {
  db: Database
  clock: Clock
  secret: Secret
  environment: string
  folder: string
  log?: Pick<Logger, 'warn'>
}): Promise<ApplicationDirectory> {
  const { db, clock, secret, environment } = options
  const file = join(options.folder, 'applications.json')
  let known = new Map<string, Known>()
  let keptText = (await readFileIfThere(file)) ?? ''
  const kept = keptText === '' ? [] : parsed(keptText)
  if (kept) adopt(kept)
  // Bad bytes stop no start (Customer.io 2018-10-30): PostgreSQL has the truth, and the file is written anew from it.
  else options.log?.warn({ file }, 'the kept applications are damaged; none is known until the database has told')
  if (!kept) keptText = ''

  function adopt(rows: ApplicationRow[]): void {
    known = new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          name: row.name,
          origins: row.origins,
          keyDigest: row.key_digest ? Buffer.from(row.key_digest, 'base64') : null,
          forwardKey: row.forward_key_sealed
            ? Buffer.from(secret.unseal('application', row.forward_key_sealed), 'base64')
            : null,
        },
      ]),
    )
  }

  async function reload(): Promise<void> {
    const rows = await queries.allApplications(db)
    const text = JSON.stringify(rows)
    if (text === keptText) return
    adopt(rows)
    await replaceFile(file, text)
    keptText = text
  }

  return {
    find: (id) => known.get(id),
    findByOrigin: (origin) => [...known.values()].find((each) => each.origins.includes(origin)),
    authenticate(authorization) {
      const key = /^Bearer (\S{1,128})$/i.exec(authorization ?? '')?.[1]
      if (!key) throw refuse('key_missing')
      const theirs = environmentOfKey(key)
      // Refused by its prefix before any look-up (design §4): a key of Demo never meets Production's store.
      if (theirs && theirs !== environment) throw refuse('foreign_key', { theirs, ours: environment })
      const digest = digestOfKey(key)
      const found = [...known.values()].find((each) => each.keyDigest && sameDigest(each.keyDigest, digest))
      if (!found) throw refuse('key_unknown')
      return found
    },
    readForwarded: (request) => readForwarded(request, { find: (id) => known.get(id), now: clock.now() }),
    reload,
    async register({ id, name, origins, key = formatKey(environment, newSecret()) }) {
      const forwardKeySealed = secret.seal('application', forwardKeyOf(key).toString('base64'))
      await db.transaction((queries_) =>
        queries.upsertApplication(
          queries_,
          { id, name, origins, keyDigest: digestOfKey(key), forwardKeySealed },
          clock.now(),
        ),
      )
      await reload()
      return key
    },
  }
}

function parsed(text: string): ApplicationRow[] | undefined {
  try {
    const rows = JSON.parse(text) as unknown
    return Array.isArray(rows) && rows.every((row) => typeof row?.id === 'string') ? rows : undefined
  } catch {
    // Not JSON is one more way to be damaged; the caller says so.
    return undefined
  }
}

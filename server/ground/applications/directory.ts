import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import type { Forwarded } from '../../platform/http/index.ts'
import { newSecret } from '../../platform/id.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import { type Application, digestTextOfKey, environmentOfKey, formatKey } from './application.ts'
import { isGood, type Known, readKept, readRows } from './known.ts'
import { sealedKey } from './new-key.ts'
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
  /** Called after a reading that has found something new. */
  onChange(listener: () => void): () => void
  /** Registers an application under a key, or makes a key; returns the key. Of one that is there only the key changes. */
  register(application: { id: string; name: string; origins: string[]; key?: string | undefined }): Promise<string>
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
  const listeners = new Set<() => void>()
  let known = new Map<string, Known>()
  let byKey = new Map<string, Known>()
  let keptText = (await readFileIfThere(file)) ?? ''
  const kept = keptText === '' ? [] : readKept(keptText)
  if (kept) adopt(kept)
  // Bad bytes stop no start (Customer.io 2018-10-30): PostgreSQL has the truth, and the file is written anew from it.
  else options.log?.warn({ file }, 'the kept applications are damaged; none is known until the database has told')
  if (!kept) keptText = ''

  function adopt(rows: Parameters<typeof readRows>[0]): void {
    const read = readRows(rows, secret)
    known = new Map(read.map((each) => [each.id, each]))
    byKey = new Map(read.flatMap((each) => each.keys.map(({ digest }) => [digest, each])))
  }

  async function reload(): Promise<void> {
    const text = JSON.stringify(await queries.allApplications(db))
    if (text === keptText) return
    adopt(JSON.parse(text))
    for (const listener of listeners) listener()
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
      const digest = digestTextOfKey(key)
      const found = byKey.get(digest)
      const isKnown = found?.keys.some((each) => each.digest === digest && isGood(each, clock.now()))
      if (!found || !isKnown) throw refuse('key_unknown')
      return found
    },
    readForwarded: (request) => readForwarded(request, { find: (id) => known.get(id), now: clock.now() }),
    reload,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async register({ id, name, origins, key = formatKey(environment, newSecret()) }) {
      await db.transaction((tx) =>
        queries.upsertApplication(tx, { id, name, origins, ...sealedKey(secret, key) }, clock.now()),
      )
      await reload()
      return key
    },
  }
}

import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { FORWARD_CLOCK_SKEW_MS, forwardedMessage, headers } from '../../../sdk/contract.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../platform/durable-file.ts'
import type { Forwarded } from '../../platform/http/index.ts'
import { newSecret } from '../../platform/id.ts'
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

const PREFIX = /^\/[a-z0-9-]{1,32}$/
const FORWARDED_MAX = 512

export async function openApplicationDirectory(options: {
  db: Database
  clock: Clock
  secret: Secret
  environment: string
  folder: string
}): Promise<ApplicationDirectory> {
  const { db, clock, secret, environment } = options
  const file = join(options.folder, 'applications.json')
  let known = new Map<string, Known>()
  let keptText = (await readFileIfThere(file)) ?? ''
  if (keptText) adopt(JSON.parse(keptText) as ApplicationRow[])

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

  function readForwarded(request: {
    method: string
    path: string
    headers: IncomingHttpHeaders
  }): Forwarded | undefined {
    const id = request.headers[headers.application]
    const forwarded = request.headers[headers.forwarded]
    const signature = request.headers[headers.signature]
    if (typeof id !== 'string' || typeof forwarded !== 'string' || typeof signature !== 'string') return undefined

    const application = known.get(id.slice(0, 64))
    if (!application?.forwardKey) throw refuse('unknown_application', { application: printable(id) })
    const [, timestamp, given] = /^t=(\d{1,15}),v1=([A-Za-z0-9_-]{43})$/.exec(signature) ?? []
    const message = forwardedMessage({
      timestampMs: Number(timestamp),
      application: id,
      method: request.method,
      path: request.path,
      forwarded,
    })
    const expected = createHmac('sha256', application.forwardKey).update(message).digest()
    if (!given || forwarded.length > FORWARDED_MAX || !sameDigest(expected, Buffer.from(given, 'base64url'))) {
      throw refuse('bad_signature', { application: id })
    }
    const skewMs = Math.abs(clock.now().getTime() - Number(timestamp))
    if (skewMs > FORWARD_CLOCK_SKEW_MS) throw refuse('clock_skew', { seconds: Math.round(skewMs / 1000) })

    const parts = Object.fromEntries(
      forwarded.split(';').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
    )
    if (!application.origins.includes(parts.origin ?? '')) {
      throw refuse('foreign_origin', { origin: printable(parts.origin ?? ''), application: id })
    }
    const prefix = PREFIX.test(parts.prefix ?? '') ? parts.prefix! : ''
    return { application: id, address: parts.for ?? '', origin: parts.origin!, prefix }
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
    readForwarded,
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

/** What a stranger sent is repeated only in plain, short form. */
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)

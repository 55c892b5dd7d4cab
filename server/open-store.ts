import { join } from 'node:path'
import * as identity from './access/identity/index.ts'
import * as flags from './access/flags/index.ts'
import * as lockers from './access/lockers/index.ts'
import * as providers from './access/providers/index.ts'
import * as sessions from './access/sessions/index.ts'
import type { Config } from './config.ts'
import * as applications from './ground/applications/index.ts'
import * as audit from './ground/audit/index.ts'
import * as backups from './ground/backups/index.ts'
import * as environment from './ground/environment/index.ts'
import * as signals from './ground/signals/index.ts'
import * as statistics from './ground/statistics/index.ts'
import * as tenants from './ground/tenants/index.ts'
import * as tokens from './ground/tokens/index.ts'
import { systemClock } from './platform/clock.ts'
import { type DatabaseServer, openDatabaseServer, roleOf } from './platform/database/index.ts'
import { readFileIfThere } from './platform/durable-file.ts'
import type { Logger } from './platform/log.ts'

export interface OpenStoreOptions {
  config: Config
  log: Logger
  /** Where the last known good stamp lies. */
  folder: string
  /** A store that is not ours, or a migration that cannot be: the process must end. */
  onRefused(error: unknown): void
}

export interface Store {
  database: DatabaseServer
  /** Undefined until a store was seen, now or at an earlier start. */
  stamp(): environment.Stamp | undefined
}

/** Every schema of Holdfast, in the order in which they are migrated. */
export const sources = [
  signals,
  audit,
  statistics,
  environment,
  tokens,
  applications,
  tenants,
  backups,
  sessions,
  providers,
  identity,
  lockers,
  flags,
].map((feature) => feature.migrations)

/** The database, let in only when its stamp is ours; then migrated, once. */
export async function openStore({ config, log, folder, onRefused }: OpenStoreOptions): Promise<Store> {
  const urls = await databaseUrls(config)
  let stamp = await environment.readKeptStamp(folder)
  if (stamp) environment.assertOurs(stamp, { environment: config.environment }, `the data folder (${config.data})`)
  let isPrepared = false
  const database = openDatabaseServer({
    url: urls.databaseUrl,
    name: `holdfast access ${process.pid}`,
    clock: systemClock,
    log,
    onRefused,
    async admit(url) {
      if (isPrepared && stamp) return environment.checkStore({ url, stamp })
      stamp = await environment.prepareStore({
        ownerUrl: urls.ownerUrl,
        appRole: roleOf(urls.databaseUrl),
        environment: config.environment,
        folder,
        sources,
        now: systemClock.now(),
        log,
      })
      // The owner's address and ours may lead to different servers; nothing is written before ours was read.
      await environment.checkStore({ url, stamp })
      await identity.assertRelyingParty(url, config.relyingPartyId)
      isPrepared = true
    },
  })
  return { database, stamp: () => stamp }
}

/** From the settings, or those of the embedded server of this data folder. */
export async function databaseUrls(config: Config): Promise<{ databaseUrl: string; ownerUrl: string }> {
  if (config.databaseUrl)
    return { databaseUrl: config.databaseUrl, ownerUrl: config.databaseOwnerUrl ?? config.databaseUrl }
  const file = join(config.data, 'postgres', 'connection.json')
  const text = await readFileIfThere(file)
  if (!text) {
    throw new environment.StampRefused(
      `There is no database: set HOLDFAST_DATABASE_URL, or run "holdfast start", which brings its own (looked for ${file}).`,
    )
  }
  return JSON.parse(text) as { databaseUrl: string; ownerUrl: string }
}

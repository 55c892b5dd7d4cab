import { backupJob } from './backup/schedule.ts'
import type { Config } from './config.ts'
import { openBackupState, type Plan } from './ground/backups/index.ts'
import type { Clock } from './platform/clock.ts'
import type { Database, DatabaseServer } from './platform/database/index.ts'
import { startJobs } from './platform/jobs.ts'
import type { Logger } from './platform/log.ts'

const READ_EVERY_MS = 60_000

/** What is on record about backups, read once a minute, and the backup by schedule where one is set. */
export function startBackups(options: {
  config: Config
  database: DatabaseServer
  background: Database
  clock: Clock
  log: Logger
}) {
  const { config, database, background, clock, log } = options
  const plan = backupPlan(config)
  const state = openBackupState({ db: background, clock, plan })
  const read = { name: 'what is known of backups', everyMs: READ_EVERY_MS, run: () => state.read() }
  const jobs = startJobs([read, ...(plan.everyMs === null ? [] : [backupJob(options)])], { database, log })
  return { state, stop: jobs.stop }
}

export const backupPlan = ({ backup }: Config): Plan => ({ everyMs: backup.everyMs, target: backup.target })

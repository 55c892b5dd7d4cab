import { spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { type Config, childEnvironment } from '../config.ts'
import { insertRun, newestDone, newestFailed } from '../ground/backups/index.ts'
import { signalAt } from '../ground/signals/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, DatabaseServer } from '../platform/database/index.ts'
import { newId } from '../platform/id.ts'
import type { Job } from '../platform/jobs.ts'
import type { Logger } from '../platform/log.ts'

const MAIN = join(import.meta.dirname, '../main.ts')
const LOOK_EVERY_MS = 60_000
/** One that failed is tried again soon, and not so often that trying is a load of its own. */
const AGAIN_MS = 15 * 60_000
/** A backup that takes longer would never be finished before the next one is due. */
const BACKUP_MS = 12 * 60 * 60_000
const SAID_MAX = 2000
/** Behind whatever answers people. */
const NICE = 10

export interface ScheduleOptions {
  config: Config
  database: DatabaseServer
  background: Database
  clock: Clock
  log: Logger
  /** What is run; tests bring their own. */
  program?: readonly string[]
}

/**
 * Makes backups in the rhythm of the settings: in a process of its own, so that compressing and encrypting hold up nobody
 * who signs in. Of several access processes the first makes it; the others find it made, or find its lock taken.
 */
export function backupJob(options: ScheduleOptions): Job {
  return { name: 'backup', everyMs: LOOK_EVERY_MS, run: () => makeWhenDue(options) }
}

export async function makeWhenDue(options: ScheduleOptions): Promise<'not-due' | 'made' | 'failed'> {
  const { config, background, clock, log } = options
  const { everyMs } = config.backup
  if (everyMs === null) return 'not-due'
  const now = clock.now().getTime()
  const last = await newestDone(background, 'backup')
  if (last && now - last.startedAt.getTime() < everyMs) return 'not-due'
  const failed = await newestFailed(background, 'backup')
  if (failed && now - failed.endedAt.getTime() < Math.min(AGAIN_MS, everyMs)) return 'not-due'

  const startedAt = clock.now()
  const { code, said } = await runApart(options.program ?? [MAIN, 'backup', '--json'])
  if (code === 0) return 'made'
  const problem =
    said
      .replace(/^holdfast: /gm, '')
      .trim()
      .split('\n')[0] || 'It was ended before it was complete.'
  // Another process is at it: that one tells how it went.
  if (problem.startsWith('Another backup')) return 'not-due'
  log.error({ problem }, 'the backup by schedule failed')
  const recorded = await newestFailed(background, 'backup')
  if (!recorded || recorded.startedAt < startedAt) await recordFailure(options, startedAt, problem)
  return 'failed'
}

/** What the command could not record itself: it was refused, or killed. */
async function recordFailure({ background, clock }: ScheduleOptions, startedAt: Date, problem: string): Promise<void> {
  const endedAt = clock.now()
  const id = newId('bkp', endedAt)
  const none = { archive: null, size: null, snapshotAt: null, facts: {} }
  await background.transaction(async (db) => {
    await insertRun(db, { id, kind: 'backup', startedAt, endedAt, problem, ...none })
    await signalAt(() => endedAt)(db, { kind: 'backup.failed', subject: id, facts: { problem } })
  })
}

function runApart(program: readonly string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...program], {
      env: childEnvironment({}),
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: BACKUP_MS,
      killSignal: 'SIGKILL',
    })
    // It goes on by itself when we end: what it is writing is complete or nothing.
    child.unref()
    let said = ''
    child.stderr.on('data', (bytes) => {
      said = `${said}${bytes}`.slice(-SAID_MAX)
    })
    child.once('error', (error) => resolve({ code: null, said: error.message }))
    child.once('close', (code) => resolve({ code, said }))
    try {
      if (child.pid !== undefined) setPriority(child.pid, NICE)
    } catch {
      // It may have ended already, or the machine does not allow it; then it runs as everything does.
    }
  })
}

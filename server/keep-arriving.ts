import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { makeDemoFlag } from './demo-flag.ts'
import type { Features } from './features.ts'
import type { ApplicationDirectory } from './ground/applications/index.ts'
import { hasAdministrator } from './ground/environment/index.ts'
import { replaceFile } from './platform/durable-file.ts'
import type { Counting } from './start-counting.ts'

export interface ArrivingOptions {
  /** Registers the demo application and writes its key into the data folder. */
  withDemo: boolean
  /** Only one of the processes of a machine makes one. */
  onEnrolmentLink: ((url: string) => void) | undefined
}

/** Applications and administrators change seldom, and are told of within this. */
const RELOAD_EVERY_MS = 5000

/** Completes the start as soon as the database is ours (in an outage that is when it is back), and reads on from then. */
export function keepArriving(features: Features, counting: Counting, options: ArrivingOptions) {
  const {
    config,
    log,
    database,
    background,
    administrators,
    directory,
    sessions: front,
    flags,
    providers,
    identity: door,
  } = features
  let hasArrived = false

  async function arrive(): Promise<void> {
    await Promise.all([
      administrators.reload(),
      directory.reload(),
      front.catchUp(),
      flags.follow(),
      providers.reload(),
    ])
    if (options.withDemo) {
      await registerDemo(config, directory)
      await makeDemoFlag(flags, log)
    }
    const { onEnrolmentLink } = options
    if (onEnrolmentLink && !(await hasAdministrator(background))) onEnrolmentLink(await door.makeEnrolmentLink())
    void counting.sample()
  }

  function arriveOnce(): void {
    if (hasArrived || database.isAway()) return
    hasArrived = true
    arrive().then(
      () => {
        features.arrival.failsSince = null
      },
      (error) => {
        hasArrived = false
        features.arrival.failsSince ??= features.clock.now()
        log.warn({ reason: (error as Error).message }, 'the start could not be completed yet; trying again')
      },
    )
  }

  database.onChange(arriveOnce)
  const reload = setInterval(() => {
    arriveOnce()
    if (database.isAway()) return
    // What fails here is the database, and that is told by its health.
    Promise.all([administrators.reload(), directory.reload()]).catch(() => {})
  }, RELOAD_EVERY_MS)
  return { arriveOnce, stop: () => clearInterval(reload) }
}

async function registerDemo(config: Config, directory: ApplicationDirectory): Promise<void> {
  const file = join(config.data, 'demo', 'key')
  const key = existsSync(file) ? (await readFile(file, 'utf8')).trim() : undefined
  const origins = [`http://127.0.0.1:${config.demoPort}`]
  const made = await directory.register({ id: 'app_demo', name: 'Fieldnotes', origins, key })
  if (made !== key) await replaceFile(file, `${made}\n`)
}

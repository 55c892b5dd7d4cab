import { join } from 'node:path'
import { canHavePasskeys } from './access/identity/index.ts'
import type { Config, Origin } from './config.ts'
import type { Features } from './features.ts'
import type { MailServer } from './ground/delivery/index.ts'
import { environmentJobs } from './ground/environment/index.ts'
import { type ArrivingOptions, keepArriving } from './keep-arriving.ts'
import { openFeatures } from './open-features.ts'
import { openStore } from './open-store.ts'
import { DeadlineExceeded, within } from './platform/deadline.ts'
import { startJobs } from './platform/jobs.ts'
import type { Logger } from './platform/log.ts'
import { makeFolder } from './platform/make-folder.ts'
import { openSecret } from './platform/secret.ts'
import { serve } from './serve.ts'
import { startCounting } from './start-counting.ts'
import { startRecords } from './start-records.ts'

export interface StartAccessOptions extends ArrivingOptions {
  config: Config
  /** Where each setting came from, for whoever may see it. */
  settings: readonly Origin[]
  log: Logger
  /** Which of the access processes of this machine it is: the first has the folder that a single one has. */
  process: number
  /** Left out: those of the settings. */
  mailServers?: readonly MailServer[]
  /** A store that is not ours, or a migration that cannot be: the process must end. */
  onRefused(error: unknown): void
}

export interface Access extends AsyncDisposable {
  url: string
  /** Serves what is under way and takes nothing new. */
  leave(): Promise<void>
  /** A session was ended by this process; told to the others of this machine. */
  onEnded(listener: () => void): void
  /** Another process of this machine has ended one: read it now rather than within a second. */
  readOn(): Promise<void>
}

/** A database that hangs, or is being migrated: then we serve without it, as in an outage. */
const PATIENCE_MS = 3000

/** Starts every part of access in order; disposing of what it returns stops them in reverse. */
export async function startAccess(options: StartAccessOptions): Promise<Access> {
  const { config, settings, log, onRefused } = options
  // Never shared: two processes must not write one file.
  const folder = join(config.data, options.process === 1 ? 'access' : `access-${options.process}`)
  await using stack = new AsyncDisposableStack()

  await makeFolder(folder)
  const secret = await openSecret(config.secretFile, log)
  const store = await openStore({ config, log, folder, onRefused })
  const { process, mailServers } = options
  const parts = { config, settings, log, secret, store, folder, process, mailServers }
  const features = await openFeatures(parts, stack)
  if (!canHavePasskeys(config.url)) {
    log.warn({ url: config.url }, 'no passkeys: browsers have them only on a name with https, or on localhost')
  }
  stack.defer(startOwnJobs(features).stop)
  stack.defer(startRecords(features, secret).stop)
  const counting = startCounting(features)
  stack.defer(counting.stop)
  const probing = features.database.probeNow()
  // A request that came before would be answered `unknown`, while behind a proxy another process knows (rolling restart).
  await within(PATIENCE_MS, 'the database', Promise.all([probing, untilThere(features.database)])).catch(onlyLate)
  const server = stack.use(await serve(features, counting))
  const arrival = keepArriving(features, counting, options)
  stack.defer(arrival.stop)

  // An unreachable database is unknown, not a refusal (design §5); another's stamp is thrown from here.
  await probing
  arrival.arriveOnce()
  const held = stack.move()
  return {
    url: server.url,
    leave: server.leave,
    ...relay(features),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

function untilThere(database: Features['database']): Promise<void> {
  return new Promise((resolve) => {
    const look = () => database.isAway() || resolve()
    database.onChange(look)
    look()
  })
}

function onlyLate(error: unknown): void {
  if (!(error instanceof DeadlineExceeded)) throw error
}

function startOwnJobs(features: Features) {
  const { tokens, applications, providers, lockers, flags, background, clock, database, log } = features
  const jobs = [
    ...tokens.jobs,
    ...applications.jobs,
    ...providers.jobs,
    ...lockers.jobs,
    ...flags.jobs,
    ...environmentJobs({ background, clock }),
  ]
  return startJobs(jobs, { database, log })
}

/** Between the processes of one machine. What is lost on the way is read a second later, as between machines. */
function relay({ sessions, database, log }: Features): Pick<Access, 'onEnded' | 'readOn'> {
  let isReading = false
  return {
    onEnded(listener) {
      // What was read came from another process, which has told everybody itself.
      sessions.feed.onRevocation(() => {
        if (!isReading) listener()
      })
    },
    async readOn() {
      if (database.isAway() || isReading) return
      isReading = true
      try {
        await sessions.feed.readOn()
      } catch (error) {
        log.debug({ err: error }, 'ends could not be read at once')
      } finally {
        isReading = false
      }
    },
  }
}

import { join } from 'node:path'
import { compareNumbers } from '../../../sdk/flags/snapshot.ts'
import type { ApplicationDirectory } from '../../ground/applications/index.ts'
import { auditAt, type By } from '../../ground/audit/index.ts'
import type { Scope, Stamp } from '../../ground/environment/index.ts'
import { signalAt } from '../../ground/signals/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { DatabaseServer, Queries } from '../../platform/database/index.ts'
import type { Answer, Call, Guard, Route } from '../../platform/http/index.ts'
import { once } from '../../platform/idempotency.ts'
import type { Job } from '../../platform/jobs.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import type { FlagNumber } from './entry.ts'
import { openFleet } from './fleet/fleet.ts'
import { openFollower } from './following/follow.ts'
import { openKeyRing } from './following/key-ring.ts'
import { deleteOldSnapshots } from './following/queries.ts'
import { type Current, openServed } from './following/served.ts'
import type { Standing } from './following/standing.ts'
import type { Parts } from './parts.ts'
import { openReads, type Reads } from './reading/reads.ts'
import { openRewrites } from './rewrites/find-rewrites.ts'
import { flagRoutes } from './routes.ts'
import { type AnswersSigner, openAnswersSigner } from './sign/sign-answers.ts'
import { adoptFlags, restoreFlags } from './verbs/restore-flags.ts'
import { editEntry } from './verbs/edit-entry.ts'
import { importDefinition } from './verbs/import-definition.ts'
import { killFlag } from './verbs/kill-flag.ts'
import { makeEntry } from './verbs/make-entry.ts'
import { rotateKey } from './verbs/rotate-key.ts'
import { setMetadata } from './verbs/set-metadata.ts'
import { archiveEntries, bringBack, deleteEntries } from './verbs/take-away.ts'
import { undoChange } from './verbs/undo-change.ts'

/** design §6: a wipe is signalled within two seconds. */
export const FOLLOW_EVERY_MS = 1000
const FLUSH_EVERY_MS = 10_000
const FORGET_EVERY_MS = 10 * 60_000
/** Between two looks while somebody waits for a number. */
const REACH_EVERY_MS = 25

export interface OpenFlagsOptions {
  database: DatabaseServer
  clock: Clock
  log: Logger
  secret: Secret
  environment: string
  /** Where the last known good state lies. */
  folder: string
  /** Undefined until a store was seen, now or at an earlier start. */
  stamp(): Stamp | undefined
  /** Whether the database is as old as the installation: one that was put in its place begins nothing. */
  isOriginal(): Promise<boolean>
  applications: Pick<ApplicationDirectory, 'authenticate'>
  staff(scope: Scope): Guard
}

/** The front of the feature: what routes, the console and `main` may ask of flags. */
export interface Flags extends AsyncDisposable {
  /** What is served, from memory: it waits for nothing. Undefined: there is none, and the answer is 503. */
  current(): Current | undefined
  /** Whether changes can be made. Answers do not depend on it. */
  standing(): Standing
  onChange(listener: (current: Current) => void): () => void
  /** For a browser that keeps what it was answered. Undefined: the key is not here, and the answer goes out without. */
  signAnswers: AnswersSigner
  /** Reads on now, which otherwise happens once a second. */
  follow(): Promise<void>
  /** For somebody who has seen a newer number than ours; undefined: it did not come in time. */
  reach(number: FlagNumber, withinMs: number): Promise<Current | undefined>
  verbs: Verbs
  reads: Reads
  /** A write of the API: one transaction, at most once by Idempotency-Key, and served here when this resolves. */
  once(call: Call, work: (tx: Queries) => Promise<Answer>): Promise<Answer>
  /** The same without a call. */
  write<T>(work: (tx: Queries) => Promise<T>): Promise<T>
  routes: Route[]
  jobs: Job[]
}

/** What can be done to flags, each in the caller's transaction. */
export type Verbs = ReturnType<typeof verbsOf>

export async function openFlags(options: OpenFlagsOptions): Promise<Flags> {
  const parts = await openParts(options)
  const { served, background, clock, log, fleet } = parts
  const { follow, standing } = openFollower(parts)
  const known = options.stamp()
  // A start in an outage answers from the disk.
  if (known) await served.open(known, parts.keys.root()?.fingerprint)
  /** What was written is served here at once; if the look fails, the next second does it. */
  const followed = async <T>(result: T): Promise<T> => {
    await follow().catch((error) => log.debug({ err: error }, 'a change of flags could not be read back at once'))
    return result
  }

  return {
    current: served.current,
    standing,
    onChange: served.onChange,
    signAnswers: openAnswersSigner(parts),
    follow,
    async reach(number, withinMs) {
      const endMs = clock.monotonicMs() + withinMs
      const isThere = () => {
        const current = served.current()
        return current && compareNumbers(current, number) >= 0 ? current : undefined
      }
      while (!isThere() && clock.monotonicMs() < endMs && !options.database.isAway()) {
        await follow()
        if (!isThere()) await new Promise((resolve) => setTimeout(resolve, REACH_EVERY_MS))
      }
      return isThere()
    },
    verbs: verbsOf(parts),
    reads: openReads(parts),
    once: async (call, work) => followed(await once({ db: background, clock, secret: parts.secret }, call, work)),
    write: async (work) => followed(await background.transaction(work)),
    routes: flagRoutes({
      current: served.current,
      fleet,
      applications: options.applications,
      mayRead: options.staff('flags:read'),
    }),
    jobs: [
      { name: 'follow flags', everyMs: FOLLOW_EVERY_MS, run: follow },
      { name: 'write reports of flags', everyMs: FLUSH_EVERY_MS, run: fleet.flush },
      { name: 'forget reports of flags', everyMs: FORGET_EVERY_MS, run: fleet.forget },
      { name: 'delete old snapshots of flags', everyMs: FORGET_EVERY_MS, run: () => deleteOldSnapshots(background) },
    ],
    async [Symbol.asyncDispose]() {
      if (!options.database.isAway()) await fleet.flush().catch(() => {})
    },
  }
}

async function openParts(options: OpenFlagsOptions): Promise<Parts> {
  const { database, clock, log, secret, environment, folder, stamp, isOriginal } = options
  const [db, background] = [database.database('request'), database.database('background')]
  const signal = signalAt(() => clock.now())
  const served = openServed({ folder: join(folder, 'flags'), clock, log })
  return {
    database,
    db,
    background,
    clock,
    log,
    secret,
    signal,
    audit: auditAt(() => clock.now()),
    environment,
    stamp,
    isOriginal,
    served,
    rewrites: openRewrites(),
    keys: await openKeyRing({ secret, file: join(folder, 'flag-keys.sealed') }),
    fleet: openFleet({ db, background, clock, signal, current: served.current }),
  }
}

type Verb<Input, Result> = (parts: Parts, tx: Queries, by: By, input: Input) => Promise<Result>

function verbsOf(parts: Parts) {
  const bound =
    <Input, Result>(verb: Verb<Input, Result>) =>
    (tx: Queries, by: By, input: Input) =>
      verb(parts, tx, by, input)
  return {
    make: bound(makeEntry),
    edit: bound(editEntry),
    archive: bound(archiveEntries),
    bringBack: bound(bringBack),
    remove: bound(deleteEntries),
    kill: bound(killFlag),
    undo: bound(undoChange),
    setMetadata: bound(setMetadata),
    importDefinition: bound(importDefinition),
    restore: bound(restoreFlags),
    adopt: bound(adoptFlags),
    rotateKey: bound(rotateKey),
  }
}

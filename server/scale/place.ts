import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openScratch } from '../backup/scratch.ts'
import { sources } from '../open-store.ts'
import { migrate, onOneConnection } from '../platform/database/index.ts'
import { silentLog } from '../platform/log.ts'
import { makeFolder } from '../platform/make-folder.ts'
import { startPostgres } from '../platform/postgres-server/index.ts'
import { serverFacts } from './queries.ts'
import { seed } from './seed/seed.ts'
import type { Size } from './seed/size.ts'

export interface Place extends AsyncDisposable {
  folder: string
  databaseUrl: string
  ownerUrl: string
  secretFile: string
  /** Up to when things happened in it. */
  now: Date
  /** What is ended, without waiting, when this process ends in the middle. */
  onEnd(end: () => void): void
  /** Statements that PostgreSQL gave up at their deadline, by whomever: jobs meet theirs in silence. */
  countCutOff(): Promise<number>
}

const CONNECT_MS = 10_000
/** As `holdfast start` has it, but for checkpoints while it is filled. */
const SETTINGS = { max_wal_size: '4GB' }

/** A database with a great many rows, in a folder that goes afterwards, or in one that stays and is used again. */
export async function openPlace(options: {
  folder: string | undefined
  size: Size
  now: Date
  signal: AbortSignal
  onProgress(line: string): void
}): Promise<Place> {
  const { size, now, signal, onProgress } = options
  await using stack = new AsyncDisposableStack()
  const ends: (() => void)[] = []
  const endAll = () => {
    for (const end of ends) end()
  }
  let folder = options.folder
  if (folder === undefined) {
    const scratch = stack.use(await openScratch())
    scratch.onEnd(endAll)
    folder = scratch.folder
  } else {
    await makeFolder(folder)
    process.once('exit', endAll)
  }
  const postgres = await startPostgres({
    folder: join(folder, 'postgres'),
    dataFolder: folder,
    settings: SETTINGS,
    signal,
  })
  ends.push(() => postgres.kill())
  stack.defer(() => postgres.stop())
  const { databaseUrl, ownerUrl } = postgres
  const appRole = decodeURIComponent(new URL(databaseUrl).username)
  await migrate({ ownerUrl, appRole, sources, log: silentLog })
  const { users } = await onOneConnection(ownerUrl, CONNECT_MS, serverFacts)
  if (users === 0) await seed({ ownerUrl, size, now, signal, onProgress })
  const log = join(folder, 'postgres', 'postgres.log')
  const cutOff = async () =>
    (await readFile(log, 'utf8')).split('canceling statement due to statement timeout').length - 1
  const before = await cutOff()
  const held = stack.move()
  return {
    folder,
    databaseUrl,
    ownerUrl,
    secretFile: join(folder, 'secret.key'),
    now,
    onEnd: (end) => void ends.push(end),
    countCutOff: async () => (await cutOff()) - before,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

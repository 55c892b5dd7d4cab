import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { openScratch } from '../backup/scratch.ts'
import { sources } from '../open-store.ts'
import { systemClock } from '../platform/clock.ts'
import { migrate } from '../platform/database/index.ts'
import { replaceFile } from '../platform/durable-file.ts'
import { silentLog } from '../platform/log.ts'
import { startPostgres } from '../platform/postgres-server/index.ts'
import { complaintsOf, written } from './plan-book.ts'
import { openSmallPlace } from './small-place.ts'

/** Writes plans.txt anew and shows what is different; the difference belongs into the commit that made it. */
const FILE = join(import.meta.dirname, 'plans.txt')

await using stack = new AsyncDisposableStack()
const scratch = stack.use(await openScratch())
const { folder } = scratch
const postgres = await startPostgres({ folder: join(folder, 'postgres'), dataFolder: folder, durability: 'throwaway' })
stack.defer(() => postgres.stop())
scratch.onEnd(() => postgres.kill())
const { databaseUrl, ownerUrl } = postgres
const appRole = decodeURIComponent(new URL(databaseUrl).username)
await migrate({ ownerUrl, appRole, sources, log: silentLog })
const secretFile = join(folder, 'secret.key')
const place = stack.use(
  await openSmallPlace({ databaseUrl, ownerUrl, data: join(folder, 'data'), secretFile, now: systemClock.now() }),
)
const pages = await place.plan(place.examples)
await replaceFile(FILE, written(pages))
for (const complaint of complaintsOf(pages)) process.stdout.write(`${complaint}\n`)
spawnSync('git', ['--no-pager', 'diff', '--stat', '--patch', '--', FILE], { stdio: 'inherit' })

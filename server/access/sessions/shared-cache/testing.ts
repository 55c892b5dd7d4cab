import { type Cache, openCache, readCacheUrl } from '../../../platform/cache/index.ts'
import { type Redis, startRedis } from '../../../platform/cache/testing.ts'
import { systemClock } from '../../../platform/clock.ts'
import type { DatabaseServer } from '../../../platform/database/index.ts'
import { eventually } from '../../../platform/database/testing.ts'
import { silentLog } from '../../../platform/log.ts'
import { type FakeClock, fakeClock, faulty, openRig, type SessionsRig, sessionsDatabase } from '../testing.ts'

export const PREFIX = 'hf:ins_test'

/** One of several access processes: on its own disk, beside the others on one database and one cache. */
export interface Process {
  rig: SessionsRig
  cache: Cache
  fault: ReturnType<typeof faulty>['state']
  /** Statements that a look-up has cost so far. */
  lookUps(): number
}

export interface Town extends AsyncDisposable {
  clock: FakeClock
  redis: Redis
  a: Process
  b: Process
  /** What lies in the cache under sessions. */
  entries(): Promise<Map<string, string>>
  /** All that was written has arrived. */
  settle(): Promise<void>
}

export function cacheAt(redis: Redis): Cache {
  return openCache({
    target: readCacheUrl(redis.url),
    name: 'test',
    stamp: { key: 'holdfast:stamp', read: () => 'test' },
    clock: systemClock,
    log: silentLog,
  })
}

/** Two processes, one real database, one real Redis, one clock. */
export async function openTown(given?: Redis): Promise<Town> {
  await using stack = new AsyncDisposableStack()
  const redis = given ?? stack.use(await startRedis())
  const database = await sessionsDatabase()
  stack.defer(() => database.drop())
  const clock = fakeClock()
  const [a, b] = [
    await openProcess(stack, { clock, redis, url: database.databaseUrl }),
    await openProcess(stack, { clock, redis, url: database.databaseUrl }),
  ]
  const settle = async () => {
    await Promise.all([a.cache.settled(), b.cache.settled()])
  }
  const held = stack.move()
  return {
    clock,
    redis,
    a,
    b,
    settle,
    entries: () => entriesIn(redis),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

async function openProcess(
  stack: AsyncDisposableStack,
  { clock, redis, url }: { clock: FakeClock; redis: Redis; url: string },
): Promise<Process> {
  const cache = stack.use(cacheAt(redis))
  const { state: fault, wrap } = faulty()
  let lookUps = 0
  const counting = (server: DatabaseServer) => {
    const cut = wrap(server)
    return {
      ...cut,
      database(purpose: Parameters<DatabaseServer['database']>[0]) {
        const inner = cut.database(purpose)
        const many: typeof inner.many = (statement) => {
          if (statement.text.includes('is_superseded')) lookUps += 1
          return inner.many(statement)
        }
        return { ...inner, many }
      },
    }
  }
  const shared = { cache, prefix: () => PREFIX }
  const rig = stack.use(await openRig({ clock, databaseUrl: url, wrap: counting, shared }))
  await eventually(() => cache.health.why === 'answers' || undefined)
  await rig.sessions.catchUp()
  return { rig, cache, fault, lookUps: () => lookUps }
}

async function entriesIn(redis: Redis): Promise<Map<string, string>> {
  const keys = (await redis.command('keys', `${PREFIX}:s:*`)).split('\n').filter(Boolean)
  const entries = new Map<string, string>()
  for (const key of keys) entries.set(key, await redis.command('get', key))
  return entries
}

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type Redis, startRedis } from '../../../platform/cache/testing.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { callWith, type Jar, keep, otp, person } from '../testing.ts'
import { openTown, PREFIX, type Process, type Town } from './testing.ts'

/**
 * The promise as a machine, over two processes and a real cache that may be wiped, and in which anything that ever stood
 * there may stand again (an entry written late, a replica promoted behind its primary, a thief who puts it back): a process
 * that has heard of an end never says `valid` again, and nobody is told `invalid` whom nobody ended.
 */

type Which = 'a' | 'b'
type Step =
  | { do: 'sign-in' | 'verify' | 'end' | 'race' | 'rename'; at: Which; browser: number }
  | { do: 'catch-up' | 'outage' | 'return' | 'restart'; at: Which }
  | { do: 'wipe' | 'put-back' }
  | { do: 'wait'; ms: number }

interface Browser {
  jar: Jar
  user: ReturnType<typeof person>
  sessionId: string | undefined
  endedAtMs: number | undefined
  /** Which processes have heard of the end. */
  heard: Set<Which>
}

interface World {
  town: Town
  browsers: Browser[]
  /** Everything that was ever seen in the cache. */
  seen: Map<string, Set<string>>
}

const BROWSERS = 2
/** For so long a process may not have heard of an end elsewhere: as with what is in its memory. */
const LOG_FRESH_MS = 3000
const at = fc.constantFrom<Which>('a', 'b')
const browser = fc.integer({ min: 0, max: BROWSERS - 1 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sign-in' as const), at, browser }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('verify' as const), at, browser }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('end' as const, 'race' as const), at, browser }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), at, browser }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('catch-up' as const), at }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('outage' as const, 'return' as const, 'restart' as const), at }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('wipe' as const, 'put-back' as const, 'put-back' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(500, 2000, 4000, 70_000) }),
  },
)

/** Each is some twenty events on a real database and a real Redis. */
const RUNS = 12

let redis: Redis
before(async () => {
  redis = await startRedis()
})
after(() => redis[Symbol.asyncDispose]())

async function take(world: World, one: Step): Promise<void> {
  const { town } = world
  if (one.do === 'wipe') await town.redis.command('flushall')
  if (one.do === 'put-back') await putBack(world)
  if (one.do === 'wait') town.clock.advance(one.ms)
  if (one.do === 'catch-up') await catchUp(world, one.at)
  if (one.do === 'outage' || one.do === 'return') town[one.at].fault.isAway = one.do === 'outage'
  if (one.do === 'restart') await town[one.at].rig.restart()
  if ('browser' in one) await act(world, one.do, one.at, world.browsers[one.browser]!)
  await remember(world)
}

async function act(world: World, what: string, which: Which, who: Browser): Promise<void> {
  const process = world.town[which]
  if (what === 'sign-in') await signIn(world, process, who)
  if (what === 'verify') await look(world, which, who)
  if (what === 'end') await end(world, which, who)
  if (what === 'rename') await attempt(() => process.rig.sessions.updatePerson({ ...who.user, name: 'Other' }))
  if (what !== 'race') return
  const other = which === 'a' ? 'b' : 'a'
  await Promise.all([
    ask(world.town[other], who),
    end(world, which, who),
    ask(world.town[other], who),
    ask(process, who),
  ])
}

async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    assert.ok(error instanceof DatabaseOutage, String(error))
    return false
  }
}

async function signIn(world: World, { rig }: Process, who: Browser): Promise<void> {
  if (who.sessionId && who.endedAtMs === undefined) return
  await attempt(async () => {
    const { session, cookies } = await rig.sessions.issue(callWith(), { user: who.user, ...otp })
    // The handle alone: a proof would speak for itself.
    const jar = keep(
      {},
      cookies.filter(({ name }) => name.includes('session')),
    )
    Object.assign(who, { jar, sessionId: session.id, endedAtMs: undefined, heard: new Set() })
  })
  await world.town.settle()
}

async function end(world: World, which: Which, who: Browser): Promise<void> {
  const { sessionId } = who
  if (!sessionId || who.endedAtMs !== undefined) return
  const ending = { sessionId, reason: 'revoked', by: 'usr_admin' } as const
  if (!(await attempt(() => world.town[which].rig.sessions.end(ending)))) return
  who.endedAtMs = world.town.clock.now().getTime()
  who.heard.add(which)
}

async function catchUp(world: World, which: Which): Promise<void> {
  if (!(await attempt(() => world.town[which].rig.sessions.catchUp()))) return
  for (const who of world.browsers) if (who.endedAtMs !== undefined) who.heard.add(which)
}

const ask = ({ rig }: Process, { jar }: Browser) => rig.sessions.verify(callWith(jar))

async function look(world: World, which: Which, who: Browser): Promise<void> {
  if (!who.sessionId) return
  const answer = await ask(world.town[which], who)
  if (who.endedAtMs === undefined) {
    assert.notEqual(answer.verdict, 'invalid', `signed out by nobody: ${JSON.stringify(answer)}`)
    return
  }
  if (answer.verdict !== 'valid') return
  assert.ok(!who.heard.has(which), 'resurrected where the end had been heard')
  const isHealthy = !world.town[which].fault.isAway
  const nowMs = world.town.clock.now().getTime()
  // The processes read their log by themselves as well: this can only make it stricter than it has to be.
  if (isHealthy) assert.ok(nowMs - who.endedAtMs <= LOG_FRESH_MS, 'believed for longer than the log is fresh')
}

/** Each place gets the oldest that ever stood there. */
async function putBack({ seen, town }: World): Promise<void> {
  for (const [key, values] of seen) {
    const [oldest] = [...values].filter((value) => value.startsWith('v1.'))
    if (oldest) await town.redis.command('set', key, oldest)
  }
}

async function remember({ seen, town }: World): Promise<void> {
  await town.settle()
  for (const [key, value] of await town.entries()) seen.set(key, (seen.get(key) ?? new Set()).add(value))
}

test('no order of ends, wipes, late writes and outages brings anybody back or signs anybody out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 35 }), async (steps) => {
      await redis.command('flushall')
      await using town = await openTown(redis)
      const browsers = Array.from({ length: BROWSERS }, () => ({
        jar: {},
        user: person(),
        sessionId: undefined,
        endedAtMs: undefined,
        heard: new Set<Which>(),
      }))
      const world: World = { town, browsers, seen: new Map() }
      for (const one of steps) await take(world, one)
      // When all is well again the ended are refused everywhere, whatever stands in the cache.
      for (const which of ['a', 'b'] as const) {
        town[which].fault.isAway = false
        await catchUp(world, which)
        await putBack(world)
        for (const who of browsers) {
          await look(world, which, who)
          if (who.sessionId && who.endedAtMs === undefined) assert.equal((await ask(town[which], who)).verdict, 'valid')
        }
      }
      assert.ok([...world.seen.keys()].every((key) => key.startsWith(`${PREFIX}:s:`)))
    }),
    { numRuns: RUNS },
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secretFrom } from '../../../platform/secret.ts'
import { startRedis } from '../../../platform/cache/testing.ts'
import { callWith, type Jar, keep, otp, person, testSecret } from '../testing.ts'
import { openEntry, sealEntry } from './entry.ts'
import { openTown, type Process, PREFIX, type Town } from './testing.ts'

async function signIn({ rig }: Process, user = person()) {
  const { session, cookies } = await rig.sessions.issue(callWith(), { user, ...otp })
  return { session, user, jar: handleOf(keep({}, cookies)) }
}

/** Without the proof: the handle alone has to do. */
const handleOf = (jar: Jar): Jar => Object.fromEntries(Object.entries(jar).filter(([name]) => name.includes('session')))

const ask = ({ rig }: Process, jar: Jar) => rig.sessions.verify(callWith(jar))

/** What stands in the cache for the only session there is. */
async function onlyEntry(town: Town): Promise<[key: string, value: string]> {
  await town.settle()
  const entries = [...(await town.entries())]
  assert.equal(entries.length, 1)
  return entries[0]!
}

test('what one process read is answered by another without PostgreSQL, with its age and its source', async () => {
  await using town = await openTown()
  const { jar, session } = await signIn(town.a)
  await town.settle()
  town.clock.advance(2000)
  const answer = await ask(town.b, jar)
  assert.deepEqual([answer.verdict, answer.source, answer.age_ms], ['valid', 'cache', 2000])
  assert.equal(answer.verdict === 'valid' && answer.session.id, session.id)
  assert.equal(town.b.lookUps(), 0)
})

test('an entry that is too old, or from a clock ahead of ours, costs a look-up', async () => {
  await using town = await openTown()
  const { jar } = await signIn(town.a)
  await town.settle()
  town.clock.advance(61_000)
  await town.b.rig.sessions.catchUp()
  const answer = await ask(town.b, jar)
  assert.deepEqual([answer.verdict, answer.source, town.b.lookUps()], ['valid', 'database', 1])
  assert.equal(town.b.rig.sessions.figures().shared?.passedOver, 1)
})

test('nobody is signed in by who can write into the cache, and nobody is read there', async () => {
  await using town = await openTown()
  const ana = await signIn(town.a, person('Ana'))
  const [, anas] = await onlyEntry(town)
  const opened = Buffer.from(anas.slice(3), 'base64url').toString('latin1')
  for (const text of [anas, opened]) assert.ok(!text.includes(ana.user.email!) && !text.includes('Ana'))
  const ben = await signIn(town.a, person('Ben'))
  await town.settle()
  const bens = [...(await town.entries())].find(([, value]) => value !== anas)![0]

  const forged = sealEntry(secretFrom(Buffer.alloc(32, 8)), bens.slice(`${PREFIX}:s:`.length), {
    row: {} as never,
    issuedAt: new Date(0),
    isSeen: true,
    readAt: town.clock.now(),
  })
  for (const value of [anas, forged, 'v1.', anas.slice(0, -9), '{"row":{}}']) {
    await town.b.rig.restart()
    await town.b.rig.sessions.catchUp()
    await town.redis.command('set', bens, value)
    const answer = await ask(town.b, ben.jar)
    assert.equal(answer.verdict === 'valid' && answer.session.user.name, 'Ben')
    assert.equal(answer.source, 'database')
    assert.equal(town.b.rig.sessions.figures().shared?.damaged, 1)
    await town.settle()
  }
})

test('an ended session is barred there, and an entry written late brings nobody back', async () => {
  await using town = await openTown()
  const { jar, session } = await signIn(town.a)
  const [key, before] = await onlyEntry(town)
  await town.a.rig.sessions.end({ sessionId: session.id, reason: 'revoked', by: 'usr_admin' })
  await town.settle()
  assert.equal(await town.redis.command('get', key), '-')
  await town.b.rig.sessions.catchUp()
  await town.redis.command('set', key, before)
  const answer = await ask(town.b, jar)
  assert.deepEqual([answer.verdict, answer.verdict === 'invalid' && answer.reason], ['invalid', 'revoked'])
})

test('who ends a session need not know its handle: whoever read it bars it', async () => {
  await using town = await openTown()
  const { session } = await signIn(town.a)
  const [key] = await onlyEntry(town)
  await town.b.rig.sessions.end({ sessionId: session.id, reason: 'revoked', by: 'usr_admin' })
  await town.a.rig.sessions.catchUp()
  await town.settle()
  assert.equal(await town.redis.command('get', key), '-')
})

test('a process that has read the end from PostgreSQL does not ask the cache about it again', async () => {
  await using town = await openTown()
  const { jar, session } = await signIn(town.a)
  const [key, before] = await onlyEntry(town)
  await town.redis.command('del', key)
  await town.a.rig.sessions.end({ sessionId: session.id, reason: 'revoked', by: 'usr_admin' })
  await town.settle()
  await town.redis.command('del', key)
  assert.equal((await ask(town.b, jar)).verdict, 'invalid')
  await town.redis.command('set', key, before)
  for (let count = 0; count < 3; count++) assert.equal((await ask(town.b, jar)).verdict, 'invalid')
})

test('what was changed here is read here at once, whatever the cache still says', async () => {
  await using town = await openTown()
  const { jar, user } = await signIn(town.b)
  const [key, before] = await onlyEntry(town)
  await town.b.rig.sessions.updatePerson({ ...user, name: 'Ana Lucia' })
  await town.settle()
  await town.redis.command('set', key, before)
  const answer = await ask(town.b, jar)
  assert.equal(answer.verdict === 'valid' && answer.session.user.name, 'Ana Lucia')

  await town.b.rig.sessions.organization.forget({ userIds: new Set([user.id]), organizationIds: new Set() })
  await town.redis.command('set', key, before)
  assert.equal((await ask(town.b, jar)).source, 'database')
})

test('in an outage a handle alone is answered from the cache with its age, where the log covers it', async () => {
  await using town = await openTown()
  const { jar } = await signIn(town.a)
  await town.settle()
  town.clock.advance(2000)
  await town.b.rig.sessions.catchUp()
  town.b.fault.isAway = true
  await town.b.rig.restart()
  town.clock.advance(20_000)
  const answer = await ask(town.b, jar)
  assert.deepEqual([answer.verdict, answer.source, answer.age_ms], ['valid', 'cache', 22_000])
})

test('in an outage an entry from after the last reading of the log is no knowledge', async () => {
  await using town = await openTown()
  town.clock.advance(10_000)
  const { jar, session } = await signIn(town.a)
  const [key, before] = await onlyEntry(town)
  await town.a.rig.sessions.end({ sessionId: session.id, reason: 'revoked', by: 'usr_admin' })
  town.b.fault.isAway = true
  await town.settle()
  await town.redis.command('set', key, before)
  await town.b.rig.restart()
  assert.equal((await ask(town.b, jar)).verdict, 'unknown')
})

test('wiped, full, hung or killed: everybody is answered as before', async () => {
  const redis = await startRedis({ args: ['--maxmemory-policy', 'noeviction'] })
  await using town = await openTown(redis)
  const people = await Promise.all(Array.from({ length: 20 }, () => signIn(town.a)))
  const all = async (process: Process) => {
    await process.rig.restart()
    await process.rig.sessions.catchUp()
    const answers = await Promise.all(people.map(({ jar }) => ask(process, jar)))
    assert.ok(answers.every(({ verdict }) => verdict === 'valid'))
    await town.settle()
  }
  await all(town.b)
  await redis.command('flushall')
  const before = town.b.lookUps()
  await all(town.b)
  assert.ok(town.b.lookUps() - before <= 2, 'twenty look-ups, one or two statements')
  await redis.command('config', 'set', 'maxmemory', '1')
  await all(town.b)
  redis.freeze()
  await all(town.b)
  await all(town.b)
  redis.thaw()
  await redis.kill()
  await all(town.b)
  await using again = await startRedis({ port: redis.port })
  await all(town.b)
  assert.ok(again.pid > 0)
})

test('an entry says where it belongs, and comes back as it went', () => {
  const now = new Date('2026-11-21T08:00:00.123Z')
  const times = { authenticated_at: now, last_seen_at: now, expires_at: now, due_at: now }
  const row = { proven_by: null, stands_in_for: 'prv_1', ...times } as never
  const sealed = sealEntry(testSecret, 'here', { row, issuedAt: now, isSeen: false, readAt: now })
  assert.deepEqual(openEntry(testSecret, 'here', sealed), { row, issuedAt: now, isSeen: false, readAt: now })
  assert.equal(openEntry(testSecret, 'there', sealed), undefined)
})

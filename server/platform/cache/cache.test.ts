import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { eventually } from '../database/testing.ts'
import { silentLog } from '../log.ts'
import { makeTestFolder, removeTestFolder } from '../testing/index.ts'
import { type Cache, openCache, readCacheUrl } from './index.ts'
import { startRedis, startRedisCluster, startSentinel } from './testing.ts'

const OURS = '{"environment":"test","installation_id":"ins_1"}'
const STAMP_KEY = 'holdfast:stamp'
const LIFE = { ms: 60_000, how: 'always' } as const

function open(url: string, { ours = OURS, onForeign = (_: string) => {} } = {}): Cache {
  return openCache({
    target: readCacheUrl(url),
    name: 'test',
    stamp: { key: STAMP_KEY, read: () => ours },
    clock: systemClock,
    log: silentLog,
    onForeign,
  })
}

const isThere = (cache: Cache) => eventually(() => cache.health.why === 'answers' || undefined)
const isAway = (cache: Cache) => eventually(() => cache.health.state !== 'ok' || undefined)

/** Written, and read back: it takes both. */
async function works(cache: Cache, key: string): Promise<void> {
  await eventually(async () => {
    cache.write(key, 'a value', LIFE)
    await cache.settled()
    return (await cache.read(key))?.toString() === 'a value' || undefined
  })
}

/** What the longest of many reads took; each is answered, whatever state the cache is in. */
async function longestOf(cache: Cache, rounds: number): Promise<number> {
  let longest = 0
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    await Promise.all(['a', 'b', 'c'].map((key) => cache.read(key)))
    longest = Math.max(longest, performance.now() - started)
  }
  return longest
}

test('what was written is read, what was not is undefined, and reads of one turn travel together', async () => {
  await using redis = await startRedis()
  await using cache = open(redis.url)
  assert.equal(await cache.read('nothing'), undefined, 'a start waits for no cache')
  await isThere(cache)
  await works(cache, 'a')
  const before = await commands(redis.command)
  const found = await Promise.all(['a', 'b', 'a', 'c'].map((key) => cache.read(key)))
  assert.deepEqual(
    found.map((each) => each?.toString()),
    ['a value', undefined, 'a value', undefined],
  )
  assert.equal((await commands(redis.command)) - before, 1)
  assert.ok(Number(await redis.command('pttl', 'a')) > 0, 'no key without an end')
  assert.ok(Number(await redis.command('pttl', STAMP_KEY)) > 0, 'nor the stamp')
})

async function commands(ask: (...words: string[]) => Promise<string>): Promise<number> {
  return Number((await ask('info', 'commandstats')).match(/cmdstat_mget:calls=(\d+)/)?.[1] ?? 0)
}

test('a password, a user with few rights, and TLS', async (t) => {
  await using closed = await startRedis({ args: ['--requirepass', 'a:b@c/d'] })
  await using withPassword = open(closed.url)
  await works(withPassword, 'a')

  const rights = ['~hf:*', `~${STAMP_KEY}`, '+get', '+mget', '+set', '+pexpire', '+ping', '+info']
  await using listed = await startRedis()
  await listed.command('acl', 'setuser', 'holdfast', 'on', '>secret', ...rights)
  await listed.command('acl', 'setuser', 'default', 'off')
  await using asUser = open(`redis://holdfast:secret@127.0.0.1:${listed.port}`)
  await works(asUser, 'hf:a')
  await using stranger = open(`redis://holdfast:wrong@127.0.0.1:${listed.port}`)
  await eventually(() => stranger.health.why === 'refused' || undefined)
  assert.match(stranger.health.found ?? '', /^WRONGPASS/)
  assert.ok(!JSON.stringify(stranger.health).includes('wrong@'))

  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), ca: join(folder, 'cert.pem') }
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', tls.key, '-out', tls.cert]
  execFileSync('openssl', [...made, ...subject], { stdio: 'ignore' })
  await using sealed = await startRedis({ tls })
  await using trusted = open(`${sealed.url}?ca=${tls.ca}`)
  await works(trusted, 'a')
  await using untrusted = open(sealed.url)
  await isAway(untrusted)
  assert.equal(await untrusted.read('a'), undefined)
})

test('hung, it costs the first ones a moment and nobody after them; awake again, it is asked again', async () => {
  await using redis = await startRedis()
  await using cache = open(redis.url)
  await works(cache, 'a')
  redis.freeze()
  const started = performance.now()
  await eventually(async () => {
    await cache.read('a')
    return cache.breaker !== 'closed' || undefined
  })
  // Three deadlines of 100 ms; the rest is how fast this machine is.
  assert.ok(performance.now() - started < 5000)
  const { failed } = cache.figures()
  await longestOf(cache, 50)
  assert.equal(cache.figures().failed, failed, 'nobody was sent there any more')
  assert.equal(cache.health.state, 'unknown')
  redis.thaw()
  await works(cache, 'b')
  assert.equal(cache.figures().openings, 1)
})

test('being busy ourselves is not taken for a cache that is slow', async () => {
  await using redis = await startRedis()
  await using cache = open(redis.url)
  await works(cache, 'a')
  for (let round = 0; round < 6; round++) {
    const found = cache.read('a')
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    const until = performance.now() + 150
    while (performance.now() < until);
    await found
  }
  assert.deepEqual([cache.breaker, cache.figures().openings], ['closed', 0])
})

test('killed and back empty, reads are misses and writes work again', async () => {
  const redis = await startRedis()
  await using cache = open(redis.url)
  await works(cache, 'a')
  await redis.kill()
  await isAway(cache)
  assert.equal(await cache.read('a'), undefined)
  await using again = await startRedis({ port: redis.port })
  await works(cache, 'b')
  assert.equal(await cache.read('a'), undefined)
  assert.equal(cache.figures().wipes, 1)
  assert.equal(await again.command('get', STAMP_KEY), OURS)
})

test('full, it goes on answering and is left alone with what it cannot take', async () => {
  await using redis = await startRedis({ args: ['--maxmemory-policy', 'noeviction'] })
  await using cache = open(redis.url)
  await works(cache, 'a')
  await redis.command('config', 'set', 'maxmemory', '1')
  cache.write('b', 'more', LIFE)
  await cache.settled()
  assert.deepEqual([cache.health.state, cache.health.why], ['failing', 'full'])
  for (let count = 0; count < 20; count++) cache.write(`c${count}`, 'more', LIFE)
  await cache.settled()
  assert.equal(cache.figures().dropped >= 20, true)
  assert.equal((await cache.read('a'))?.toString(), 'a value')
  assert.equal(cache.breaker, 'closed')
  await redis.command('config', 'set', 'maxmemory', '0')
  await works(cache, 'd')
  assert.equal(cache.health.why, 'answers')
})

test('an instance that bears another stamp is not used at all, and it is told once', async () => {
  await using redis = await startRedis()
  await using theirs = open(redis.url, { ours: 'demo' })
  await works(theirs, 'a')
  const told: string[] = []
  await using cache = open(redis.url, { onForeign: (found) => told.push(found) })
  await eventually(() => cache.health.why === 'foreign' || undefined)
  assert.deepEqual([cache.health.state, cache.health.found, told], ['failing', 'demo', ['demo']])
  cache.write('b', 'more', LIFE)
  assert.equal(await cache.read('a'), undefined)
  assert.equal(await redis.command('exists', 'b'), '0')
  assert.equal(await redis.command('get', STAMP_KEY), 'demo', 'theirs stays')
})

test('an installation that does not know its own stamp yet writes nothing', async () => {
  await using redis = await startRedis()
  let ours: string | undefined
  await using cache = openCache({
    target: readCacheUrl(redis.url),
    name: 'test',
    stamp: { key: STAMP_KEY, read: () => ours },
    clock: systemClock,
    log: silentLog,
  })
  cache.write('a', 'early', LIFE)
  assert.deepEqual([await redis.command('dbsize'), cache.health.why], ['0', 'not-asked'])
  ours = OURS
  await works(cache, 'a')
})

test('more writes than can be under way are dropped, and none is kept waiting', async () => {
  await using redis = await startRedis()
  await using cache = open(redis.url)
  await works(cache, 'a')
  const before = cache.figures().dropped
  for (let count = 0; count < 1000; count++) cache.write(`b${count}`, 'x', LIFE)
  const dropped = cache.figures().dropped - before
  assert.ok(dropped > 0 && dropped < 1000, `${dropped}`)
  await cache.settled()
  assert.ok(Number(await redis.command('dbsize')) <= 1000 - dropped + 2)
})

test('a cluster of three: keys of every slot, and with a member hung still an answer for each', async () => {
  await using cluster = await startRedisCluster()
  await using cache = open(cluster.url)
  await isThere(cache)
  const keys = Array.from({ length: 30 }, (_, index) => `k${index}`)
  const read = async () => (await Promise.all(keys.map((key) => cache.read(key)))).map((each) => each?.toString())
  // Whatever this machine takes more than 100 ms for is not known, and asked again.
  await eventually(async () => {
    for (const key of keys) cache.write(key, key, LIFE)
    await cache.settled()
    return (await read()).every((value, index) => value === keys[index]) || undefined
  })
  const sizes = await Promise.all(cluster.nodes.map((node) => node.command('dbsize')))
  assert.ok(
    sizes.every((size) => Number(size) > 0),
    `${sizes}`,
  )
  cluster.nodes[1]!.freeze()
  const some = await read()
  assert.ok(some.every((value, index) => value === undefined || value === keys[index]))
  cluster.nodes[1]!.thaw()
  await works(cache, 'again')
})

test('behind a sentinel the primary is found by its name', async () => {
  await using primary = await startRedis()
  await using sentinel = await startSentinel(primary)
  await using cache = open(`redis+sentinel://127.0.0.1:${sentinel.port}/cache`)
  await works(cache, 'a')
  assert.equal(await primary.command('get', 'a'), 'a value')
  await using lost = open(`redis+sentinel://127.0.0.1:${sentinel.port}/unknown`)
  await isAway(lost)
})

test('closing ends in time, also while the server is hung', async () => {
  await using redis = await startRedis()
  const cache = open(redis.url)
  await works(cache, 'a')
  redis.freeze()
  const waiting = cache.read('a')
  await cache[Symbol.asyncDispose]()
  assert.equal(await waiting, undefined)
  assert.equal(await cache.read('a'), undefined)
})

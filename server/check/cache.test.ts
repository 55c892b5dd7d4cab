import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRedis } from '../platform/cache/testing.ts'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { checkCache } from './cache.ts'

async function look(valkeyUrl: string | null) {
  const folder = await makeTestFolder()
  try {
    const findings = await checkCache({ valkeyUrl, environment: 'production' }, folder)
    for (const { state, advice } of findings) assert.equal(state === 'ok', advice === undefined)
    return {
      states: Object.fromEntries(findings.map(({ name, state }) => [name, state])),
      text: JSON.stringify(findings),
    }
  } finally {
    removeTestFolder(folder)
  }
}

test('a cache of one’s own, with a limit and a policy that forgets the right things, is well', async () => {
  await using redis = await startRedis({ args: ['--maxmemory', '64mb', '--maxmemory-policy', 'volatile-lfu'] })
  const { states } = await look(redis.url)
  assert.deepEqual(new Set(Object.values(states)), new Set(['ok']), JSON.stringify(states))
  assert.deepEqual((await look(null)).states, {})
})

test('no limit, a policy that takes nothing new, the default user and neighbours are told, without anybody’s key', async () => {
  await using redis = await startRedis({ args: ['--requirepass', 'secret-word'] })
  await redis.command('set', 'ana@acme.test', '1')
  const first = await look(redis.url)
  assert.equal(first.states['memory of the cache'], 'degraded')
  assert.equal(first.states['user of the cache'], 'degraded')
  assert.equal(first.states['neighbours there'], 'degraded')
  assert.ok(!first.text.includes('secret-word') && !first.text.includes('ana@'))
  await redis.command('config', 'set', 'maxmemory', '64mb')
  assert.equal((await look(redis.url)).states['memory of the cache'], 'degraded')
  await redis.command('flushall')
  await redis.command('-n', '3', 'set', 'theirs', '1')
  assert.equal((await look(redis.url)).states['neighbours there'], 'degraded')
})

test('another’s stamp is failing with both names, and a cache that is away is unknown', async () => {
  await using redis = await startRedis()
  await redis.command('set', 'holdfast:stamp', '{"environment":"demo","installation_id":"ins_1"}')
  const { states, text } = await look(redis.url)
  assert.equal(states.cache, 'failing')
  assert.match(text, /demo.*production/)
  await redis.kill()
  assert.equal((await look(redis.url)).states.cache, 'unknown')
  const far = await look('redis://cache.invalid')
  assert.deepEqual([far.states['way to the cache'], far.states['user of the cache']], ['degraded', 'degraded'])
})

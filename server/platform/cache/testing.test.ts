import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRedis, startRedisCluster, startSentinel } from './testing.ts'

test('a server is there, can be killed, and comes back empty at the same port', async () => {
  await using redis = await startRedis({ args: ['--maxmemory', '2mb'] })
  assert.equal(await redis.command('set', 'a', '1'), 'OK')
  await redis.kill()
  await using again = await startRedis({ port: redis.port })
  assert.equal(await again.command('get', 'a'), '')
})

test('a cluster of three agrees with itself, and a sentinel knows its primary', async () => {
  await using cluster = await startRedisCluster()
  assert.match(await cluster.nodes[2]!.command('cluster', 'info'), /cluster_known_nodes:3/)
  await using primary = await startRedis()
  await using sentinel = await startSentinel(primary)
  assert.match(await sentinel.command('sentinel', 'get-master-addr-by-name', 'cache'), new RegExp(`${primary.port}`))
})

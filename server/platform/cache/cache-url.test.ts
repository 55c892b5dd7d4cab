import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLocal, maskedCacheUrl, readCacheUrl } from './cache-url.ts'
import { openBreaker } from './breaker.ts'

test('one server, sentinels and a cluster, with what each needs', () => {
  const single = readCacheUrl('rediss://hold:p%40ss@cache.acme.test:6380/2?ca=/etc/ca.pem')
  assert.deepEqual(single, {
    kind: 'single',
    hosts: [{ host: 'cache.acme.test', port: 6380 }],
    primaryName: null,
    database: 2,
    user: 'hold',
    password: 'p@ss',
    isTls: true,
    authorityFile: '/etc/ca.pem',
  })
  const sentinel = readCacheUrl('valkey+sentinel://u:p@h1,h2:26380/mymaster/1')
  assert.deepEqual(sentinel.hosts, [
    { host: 'h1', port: 26379 },
    { host: 'h2', port: 26380 },
  ])
  assert.deepEqual([sentinel.primaryName, sentinel.database, sentinel.isTls], ['mymaster', 1, false])
  const cluster = readCacheUrl('valkeys+cluster://h1:7000,[::1]:7001')
  assert.deepEqual(cluster.hosts[1], { host: '::1', port: 7001 })
  assert.deepEqual([cluster.kind, cluster.isTls, cluster.password], ['cluster', true, null])
  assert.equal(readCacheUrl('redis://:secret@localhost').password, 'secret')
})

const unusable = [
  'http://host',
  'redis://',
  'redis://host:0',
  'redis://host:99999',
  'redis://a,b',
  'redis://user@host',
  'redis://user:p:q@host',
  'redis://user:%zz@host',
  'redis://host/mine',
  'redis://host?ca=/x',
  'rediss://host?password=x',
  'redis+sentinel://host',
  'redis+cluster://host/3',
]
for (const text of unusable) {
  test(`${text} is refused without repeating it`, () => {
    let said = ''
    try {
      readCacheUrl(text)
    } catch (expected) {
      said = expected as string
    }
    assert.match(said, /^a URL/)
    assert.ok(!said.includes('%zz'))
  })
}

test('a password is never shown, also not of many hosts', () => {
  assert.equal(maskedCacheUrl('redis+sentinel://u:secret@a:1,b:2/m'), 'redis+sentinel://u:•••@a:1,b:2/m')
  assert.equal(maskedCacheUrl('redis://:secret@a'), 'redis://:•••@a')
  assert.equal(maskedCacheUrl('redis://a:6379/1'), 'redis://a:6379/1')
  assert.equal(maskedCacheUrl('redis//u:secret@a'), '•••')
})

test('this machine alone is local', () => {
  assert.ok(isLocal(readCacheUrl('redis://127.0.0.1')))
  assert.ok(!isLocal(readCacheUrl('redis+cluster://localhost,10.0.0.1')))
})

test('the breaker opens at the third miss in a row, a slow answer is one, and probes come ever less often', () => {
  const breaker = openBreaker(() => 0.5)
  assert.deepEqual([breaker.missed(), breaker.missed(), breaker.answered(1)], ['stays', 'stays', 'stays'])
  assert.deepEqual([breaker.missed(), breaker.answered(80), breaker.missed()], ['stays', 'stays', 'opens'])
  assert.equal(breaker.state, 'open')
  assert.deepEqual([breaker.nextProbeMs(), breaker.nextProbeMs(), breaker.nextProbeMs()], [500, 1000, 2000])
  breaker.close(0)
  breaker.opened(9_000)
  assert.equal(breaker.nextProbeMs(), 4000, 'nine seconds were no recovery')
  breaker.close(0)
  breaker.opened(10_000)
  assert.equal(breaker.nextProbeMs(), 500)
})

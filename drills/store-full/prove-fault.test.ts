import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readInfo, type StoreSeen } from '../redis/read-info.ts'
import { type Evidence, proofs } from './prove-fault.ts'

/** A store of 64 MB that is full of 100,000 entries, of which 450 a second for 20 s would be 9000. */
const full: StoreSeen = {
  refusedWrites: 10,
  evictedKeys: 0,
  expiredKeys: 0,
  flushes: 0,
  usedMemory: 64_000_000,
  maxMemory: 64_000_000,
  policy: 'noeviction',
  processId: 100,
  keys: 100_000,
}
const seen = (own: Partial<StoreSeen> = {}): StoreSeen => ({ ...full, ...own })
const evidence = (own: Partial<Evidence>): Evidence => ({
  before: seen({ refusedWrites: 0, usedMemory: 8_000_000, keys: 9000 }),
  during: seen(),
  atTheEnd: seen({ refusedWrites: 900 }),
  entriesPerSecond: 450,
  ...own,
})

test('INFO is read as the server writes it, and a counter that is not there has counted nothing', () => {
  const text = [
    '# Memory',
    'used_memory:67108000',
    'maxmemory:67108864',
    'maxmemory_policy:noeviction',
    'evicted_keys:3',
    'expired_keys:70',
    'process_id:4711',
    'errorstat_ERR:count=2',
    'errorstat_OOM:count=1402',
    'cmdstat_flushall:calls=1,usec=900,usec_per_call=900.00,rejected_calls=0,failed_calls=0',
  ].join('\r\n')
  assert.deepEqual(readInfo(text, 58_235), {
    refusedWrites: 1402,
    evictedKeys: 3,
    expiredKeys: 70,
    flushes: 1,
    usedMemory: 67_108_000,
    maxMemory: 67_108_864,
    policy: 'noeviction',
    processId: 4711,
    keys: 58_235,
  })
  const { refusedWrites, flushes, policy } = readInfo('# Stats\r\nevicted_keys:0\r\n', 0)
  assert.deepEqual({ refusedWrites, flushes, policy }, { refusedWrites: 0, flushes: 0, policy: 'unknown' })
})

test('full because nothing expires: refused writes, no memory left, and far more keys than live at a time', () => {
  assert.equal(proofs.expiry_off(evidence({})).isProven, true)
  const unproven = [
    { atTheEnd: seen({ refusedWrites: 0 }) },
    { during: seen({ keys: 17_000 }) },
    { during: seen({ usedMemory: 40_000_000 }) },
    { atTheEnd: seen({ refusedWrites: 900, usedMemory: 40_000_000 }) },
    { before: null },
    // Another process: what it counts began at nothing.
    { atTheEnd: seen({ refusedWrites: 900, processId: 101 }) },
  ]
  for (const own of unproven) assert.equal(proofs.expiry_off(evidence(own)).isProven, false, JSON.stringify(own))
})

test('full because entries live too long: what is sampled has still long to live', () => {
  assert.equal(proofs.long_life(evidence({ medianLifeMs: 150_000 })).isProven, true)
  assert.equal(proofs.long_life(evidence({ medianLifeMs: 12_000 })).isProven, false)
  assert.equal(proofs.long_life(evidence({ medianLifeMs: null })).isProven, false)
})

test('left at volatile-lru: it was full, and has thrown keys out since', () => {
  const evicting = (evictedKeys: number, policy = 'volatile-lru') =>
    proofs.evicting(evidence({ before: seen(), during: seen(), atTheEnd: seen({ evictedKeys, policy }) })).isProven
  assert.equal(evicting(5000), true)
  assert.equal(evicting(0), false)
  assert.equal(evicting(5000, 'noeviction'), false)
})

test('wiped: one FLUSHALL, and next to nothing left', () => {
  const wiped = (own: Partial<StoreSeen>) => proofs.wiped(evidence({ during: seen(own) })).isProven
  assert.equal(wiped({ flushes: 1, keys: 12 }), true)
  assert.equal(wiped({ flushes: 0, keys: 12 }), false)
  assert.equal(wiped({ flushes: 1, keys: 8900 }), false)
})

test('stopped: the kernel says so at both ends, and PING is not answered', () => {
  const byTheKernel = { atTheStart: true, atTheEnd: true }
  assert.equal(proofs.hung(evidence({ byTheKernel, pingsDuring: false })).isProven, true)
  assert.equal(proofs.hung(evidence({ byTheKernel, pingsDuring: true })).isProven, false)
  const thawed = { atTheStart: true, atTheEnd: false }
  assert.equal(proofs.hung(evidence({ byTheKernel: thawed, pingsDuring: false })).isProven, false)
})

test('killed: the process is gone, and another one is there with nothing in it', () => {
  const byTheKernel = { atTheStart: true, atTheEnd: true }
  const killed = (own: Partial<StoreSeen>) =>
    proofs.killed(evidence({ byTheKernel, pingsDuring: false, atTheEnd: seen(own) })).isProven
  assert.equal(killed({ processId: 101, keys: 3 }), true)
  assert.equal(killed({ processId: 100, keys: 3 }), false)
  assert.equal(killed({ processId: 101, keys: 9000 }), false)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Lane } from './message.ts'
import { NOTICES_SENDING_MAX, openQueue, SENDING_MAX } from './queue.ts'

const items = (lane: Lane, count: number) =>
  Array.from({ length: count }, (_, index) => ({ lane, name: `${lane} ${index}` }))

test('urgent mail is next, however many notices came before', () => {
  const queue = openQueue<{ lane: Lane; name: string }>()
  for (const item of [...items('notice', 3), ...items('urgent', 2)]) queue.add(item)
  assert.deepEqual([queue.take()?.name, queue.take()?.name, queue.take()?.name], ['urgent 0', 'urgent 1', 'notice 0'])
})

test('notices use a few places only, so that urgent mail finds one free', () => {
  const queue = openQueue<{ lane: Lane; name: string }>()
  for (const item of items('notice', SENDING_MAX)) queue.add(item)
  const taken = Array.from({ length: SENDING_MAX }, () => queue.take()).filter(Boolean)
  assert.equal(taken.length, NOTICES_SENDING_MAX)
  for (const item of items('urgent', SENDING_MAX)) queue.add(item)
  const urgent = Array.from({ length: SENDING_MAX }, () => queue.take()).filter(Boolean)
  assert.equal(urgent.length, SENDING_MAX - NOTICES_SENDING_MAX)
  queue.release(taken[0]!)
  assert.equal(queue.take()?.lane, 'urgent')
})

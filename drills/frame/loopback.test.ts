import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTarget } from '../load/request.ts'
import { freePorts, NotLoopback, requireLoopback } from './loopback.ts'

test('a drill refuses every target that is not on this machine', () => {
  const elsewhere = [
    'http://example.com',
    'http://10.0.0.1:4000',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://user@example.com',
    'http://0x7f000002.example',
    'http://[2001:db8::1]:80',
    'http://0.0.0.0:4000',
    'postgresql://me:secret@db.internal:5432/app',
    'postgresql://me@127.0.0.1:5432/app?host=db.internal',
    'postgresql:///app',
    'no url at all',
  ]
  for (const target of elsewhere) {
    assert.throws(() => requireLoopback(target), NotLoopback, target)
    assert.throws(() => openTarget(target, { connectionsMax: 1 }), NotLoopback, target)
  }
  for (const target of [
    'http://127.0.0.1:1',
    'http://localhost:1',
    'http://[::1]:1',
    'postgresql://me@127.0.0.1:5432/app',
  ]) {
    assert.ok(requireLoopback(target))
  }
})

test('a refusal does not print the password of what it refuses', () => {
  assert.throws(
    () => requireLoopback('postgresql://me:secret@db.internal/app'),
    (error: Error) => !error.message.includes('secret'),
  )
  assert.throws(
    () => requireLoopback('//me:secret@db.internal/app'),
    (error: Error) => !error.message.includes('secret'),
  )
})

test('ports given out together are all different', async () => {
  const ports = await freePorts(20)
  assert.equal(new Set(ports).size, 20)
})

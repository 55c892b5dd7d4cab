import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type KnownSession, KnownSessions } from './known-sessions.ts'

const at = new Date(0)
const known = (id: string) =>
  ({ row: { id }, readAt: at, issuedAt: at, isSuperseded: false, isSeen: true }) as KnownSession

test('when there is no room, whoever was not asked for since goes first', () => {
  const sessions = new KnownSessions(undefined, 3)
  for (const id of ['a', 'b', 'c']) sessions.set(id, known(id))
  sessions.get('a')
  sessions.set('d', known('d'))
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((id) => sessions.get(id)?.row.id),
    ['a', undefined, 'c', 'd'],
  )
  assert.deepEqual([...sessions.digestsOf('b')], [])
})

test('when all were asked for there is still an end to looking, and room for one more', () => {
  const sessions = new KnownSessions(undefined, 100)
  for (let index = 0; index < 100; index++) sessions.set(`${index}`, known(`${index}`))
  for (let index = 0; index < 100; index++) sessions.get(`${index}`)
  for (let index = 100; index < 150; index++) sessions.set(`${index}`, known(`${index}`))
  assert.equal(sessions.size, 100)
  assert.equal(sessions.get('149')?.row.id, '149')
})

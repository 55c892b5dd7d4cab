import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askOnce } from '../postgres-server/index.ts'
import { createTestDatabase, startTestPostgres } from './index.ts'

const DEADLINE_MS = 5000
const prepare = (ownerUrl: string) =>
  askOnce(ownerUrl, DEADLINE_MS, async (client) => {
    await client.query('create table door (name text); grant all on door to holdfast_app')
    await client.query('create table if not exists made_once (id int primary key)')
    await client.query('insert into made_once values (1)')
  })

test('every test has a database of its own, copied from a template that is prepared once', async () => {
  const made = await Promise.all([1, 2, 3].map(() => createTestDatabase({ template: 'doors', prepare })))
  for (const [n, database] of made.entries()) {
    const names = await askOnce(database.databaseUrl, DEADLINE_MS, async (client) => {
      await client.query('insert into door values ($1)', [`door ${n}`])
      return (await client.query('select name from door limit 10')).rows
    })
    assert.deepEqual(names, [{ name: `door ${n}` }])
  }
  for (const database of made) await database.drop()
  await assert.rejects(
    askOnce(made[0]!.ownerUrl, DEADLINE_MS, (client) => client.query('select 1')),
    { code: '3D000' },
  )
})

test('a private server can be stopped, woken, killed and started again on its port with its rows', async () => {
  await using server = await startTestPostgres()
  const ask = (text: string, deadlineMs = DEADLINE_MS) =>
    askOnce(server.ownerUrl, deadlineMs, (client) => client.query(text))
  await ask('create table kept (id int)')
  server.stopAll()
  await assert.rejects(ask('select 1', 300))
  server.continueAll()
  await ask('select 1')
  server.stopPostmaster()
  await assert.rejects(ask('select 1', 300))
  server.continueAll()
  await ask('checkpoint')
  await server.killAll()
  assert.deepEqual(server.pids(), [])
  await assert.rejects(ask('select 1'), { code: 'ECONNREFUSED' })
  await server.restart()
  await ask('select id from kept limit 1')
})

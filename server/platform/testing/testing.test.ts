import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { askOnce } from '../postgres-server/index.ts'
import { isAlive } from '../processes.ts'
import { createTestDatabase, startTestPostgres } from './index.ts'
import { removeStaleTestFolders } from './test-folder.ts'

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

/** A process that has a private server, as a test file has one. */
async function startElsewhere(t: TestContext) {
  const program = `
    const { startTestPostgres } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))})
    const server = await startTestPostgres()
    console.log(JSON.stringify({ pids: server.pids() }))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  const exit = once(child, 'exit')
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return { child, exit, ...(JSON.parse(said) as { pids: number[] }) }
}

async function allEnd(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await pause(20)
}

test('a server goes away with the process that started it, also when that is interrupted', async (t) => {
  const { child, exit, pids } = await startElsewhere(t)
  assert.ok(pids.length > 1)
  child.kill('SIGTERM')
  await exit
  await allEnd(pids)
})

test('what a killed run has left is ended and removed by the next one', async (t) => {
  const { child, exit, pids } = await startElsewhere(t)
  child.kill('SIGKILL')
  await exit
  assert.ok(pids.every(isAlive))
  const removed = removeStaleTestFolders()
  await allEnd(pids)
  for (const folder of removed) assert.ok(!existsSync(folder))
})

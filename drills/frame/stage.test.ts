import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { folderPrefix, ownOf, writeLedger } from './ledger.ts'
import { isAlive, isStopped, type Own, readProcess, signalProcess } from './processes.ts'
import { childEnvironment, clearLeftovers, openStage, PastBound } from './stage.ts'
import { poll } from './wait.ts'

// A place of their own: a drill that starts beside these tests would clear away what they leave on purpose.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'drill-tests-'))
after(() => rmSync(process.env.TMPDIR!, { recursive: true, force: true }))

const never = new AbortController().signal
const patience = { deadlineMs: 15_000, signal: never }
const isGone = (own: Own) => poll(() => !isAlive(own) || null, patience)
const sleeper = ['-e', 'setInterval(() => {}, 1000)']

/** A drill in a process of its own, with a frozen child and a grandchild, that says their numbers and then waits. */
async function startDrill() {
  const program = `
    import { openStage } from ${JSON.stringify(new URL('stage.ts', import.meta.url).href)}
    const interrupt = new AbortController()
    process.on('SIGTERM', () => interrupt.abort(new Error('interrupted')))
    await using stage = await openStage({ boundMs: 60_000, interrupt: interrupt.signal })
    const parent = \`
      const child = require('node:child_process').spawn(process.execPath, \${JSON.stringify(${JSON.stringify(sleeper)})}, { detached: true, stdio: 'ignore' })
      require('node:fs').writeFileSync('grandchild', String(child.pid))
      setInterval(() => {}, 1000)\`
    const child = stage.spawn('child', process.execPath, ['-e', parent])
    const { readFileSync } = await import('node:fs')
    const { poll } = await import(${JSON.stringify(new URL('wait.ts', import.meta.url).href)})
    const read = () => { try { return Number(readFileSync(stage.folder + '/grandchild', 'utf8')) || null } catch { return null } }
    const grandchild = await poll(read, { deadlineMs: 10_000, signal: stage.signal })
    process.kill(child.pid, 'SIGSTOP')
    process.kill(grandchild, 'SIGSTOP')
    console.log(JSON.stringify({ folder: stage.folder, pids: [child.pid, grandchild] }))
    await new Promise((resolve) => stage.signal.addEventListener('abort', resolve))
  `
  const drill = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: childEnvironment({}),
  })
  const [line] = (await once(createInterface({ input: drill.stdout }), 'line')) as [string]
  const { folder, pids } = JSON.parse(line) as { folder: string; pids: number[] }
  return { drill, folder, children: pids.map((pid) => ownOf(pid, 'child')) }
}

test('what a drill has started and frozen ends with it, and its folder is removed', async () => {
  let folder: string
  let child: Own
  {
    await using stage = await openStage({ boundMs: 60_000, interrupt: never })
    folder = stage.folder
    child = ownOf(stage.spawn('child', process.execPath, sleeper).pid!, 'child')
    signalProcess(child.pid, 'SIGSTOP')
    await poll(() => isStopped(child.pid) || null, patience)
    assert.ok(isAlive(child))
  }
  assert.ok(!isAlive(child))
  assert.ok(!existsSync(folder))
})

test('an interrupted drill leaves no process, not even a frozen grandchild, and no folder', async () => {
  const { drill, folder, children } = await startDrill()
  drill.kill('SIGTERM')
  await once(drill, 'exit')
  for (const child of children) assert.ok(!isAlive(child))
  assert.ok(!existsSync(folder))
})

test('a killed drill is cleaned up after by its guardian', async () => {
  const { drill, folder, children } = await startDrill()
  drill.kill('SIGKILL')
  for (const child of children) assert.ok(await isGone(child), `process ${child.pid} is still there`)
  assert.ok(await poll(() => !existsSync(folder) || null, patience))
})

test('what a killed drill and its killed guardian left is found by the pid file at the next start', async () => {
  const folder = mkdtempSync(folderPrefix())
  const child = spawn(process.execPath, sleeper, { detached: true, stdio: 'ignore' })
  child.unref()
  const own = ownOf(child.pid!, 'left')
  signalProcess(own.pid, 'SIGSTOP')
  writeLedger(folder, { drill: { pid: 2 ** 22, born: '0', name: 'drill' }, processes: [own] })

  const said = await clearLeftovers()
  assert.ok(said.some((sentence) => sentence.includes(folder) && sentence.includes('1 process')))
  assert.ok(!isAlive(own))
  assert.ok(!existsSync(folder))
})

test('a process that was given the number of one of ours is left alone', async () => {
  const folder = mkdtempSync(folderPrefix())
  const stranger = spawn(process.execPath, sleeper, { stdio: 'ignore' })
  const { pid, born } = ownOf(stranger.pid!, 'stranger')
  writeLedger(folder, {
    drill: { pid: 2 ** 22, born: '0', name: 'drill' },
    processes: [{ pid, born: `${born}1`, name: 'ours, long ago' }],
  })
  await clearLeftovers()
  assert.equal(readProcess(pid)?.born, born)
  stranger.kill('SIGKILL')
})

test('a ledger that is no ledger makes nobody end anything', async () => {
  const folder = mkdtempSync(folderPrefix())
  writeFileSync(join(folder, 'drill.json'), '{"drill":{"pid":1,"born":"0","name":"init"},"processes":[]}')
  await clearLeftovers()
  assert.ok(existsSync(folder))
})

test('a drill that goes past its bound is told so', async () => {
  await using stage = await openStage({ boundMs: 20, interrupt: never })
  await new Promise((resolve) => stage.signal.addEventListener('abort', resolve))
  assert.ok(stage.signal.reason instanceof PastBound)
  assert.throws(() => stage.spawn('late', process.execPath, sleeper), PastBound)
})

test('a child is told nothing of the installation and the databases of whoever runs the drill', () => {
  process.env.HOLDFAST_DATABASE_URL = 'postgresql://production'
  process.env.PGHOST = 'production'
  try {
    const given = childEnvironment({ HOLDFAST_DATA: '/tmp/x' })
    assert.equal(given.HOLDFAST_DATABASE_URL, undefined)
    assert.equal(given.PGHOST, undefined)
    assert.equal(given.HOLDFAST_DATA, '/tmp/x')
  } finally {
    delete process.env.HOLDFAST_DATABASE_URL
    delete process.env.PGHOST
  }
})

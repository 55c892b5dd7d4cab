import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cp, mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readProcesses, sendSignal } from '../processes.ts'
import { makeTestFolder, ordinaryUser, removeTestFolder } from '../testing/index.ts'
import { askOnce, freezeFamily, type PostgresOptions, PortTaken, type RunningPostgres, startPostgres } from './index.ts'
import { binariesIn, locateBinaries } from './locate-binaries.ts'
import { membersOf, signalFamily } from './process-family.ts'
import { chooseRunAs } from './run-as.ts'

const DEADLINE_MS = 5000

async function testFolder(t: TestContext): Promise<string> {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  return folder
}

function start(folder: string, options: Partial<PostgresOptions> = {}): Promise<RunningPostgres> {
  return startPostgres({ durability: 'throwaway', ...options, folder: join(folder, 'postgres'), dataFolder: folder })
}

function ask(url: string, text: string) {
  return askOnce(url, DEADLINE_MS, async (client) => (await client.query(text)).rows)
}

test('a folder keeps its port, its ways in and its rows over a restart', async (t) => {
  const folder = await testFolder(t)
  const steps: string[] = []
  const first = await start(folder, { onProgress: ({ step }) => steps.push(step) })
  assert.equal(steps.at(-1), 'performing post-bootstrap initialization')
  await ask(first.ownerUrl, 'create table kept as select 7 as id')
  await first.stop()
  assert.deepEqual(membersOf(first.family), [])

  const second = await start(folder)
  assert.deepEqual([second.port, second.databaseUrl, second.isAdopted], [first.port, first.databaseUrl, false])
  assert.deepEqual(await ask(second.ownerUrl, 'select id from kept limit 1'), [{ id: 7 }])
  assert.match(second.version, /^18\.\d/)
  await second.stop()
})

test('the cluster is UTF-8 and checksummed, speaks on loopback with passwords only, and access owns nothing in it', async (t) => {
  const folder = await testFolder(t)
  const server = await start(folder, { durability: 'durable' })
  const [row] = await ask(
    server.databaseUrl,
    `select current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums,
            current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses,
            datlocale as locale,
            (select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user) as is_strong
       from pg_database where datname = current_database() limit 1`,
  )
  assert.deepEqual(row, {
    encoding: 'UTF8',
    checksums: 'on',
    fsync: 'on',
    addresses: '127.0.0.1',
    locale: 'C.UTF-8',
    is_strong: false,
  })
  await assert.rejects(ask(server.databaseUrl, 'create table mine (id int)'), { code: '42501' })
  await assert.rejects(ask(server.databaseUrl, 'create schema mine'), { code: '42501' })
  const guess = Object.assign(new URL(server.ownerUrl), { password: 'guess' }).toString()
  await assert.rejects(ask(guess, 'select 1'), { code: '28P01' })
  assert.equal(statSync(join(folder, 'postgres/connection.json')).mode & 0o777, 0o600)
  await server.stop()
  const log = await readFile(join(folder, 'postgres/postgres.log'), 'utf8')
  assert.ok(!log.includes(new URL(server.ownerUrl).password), 'the log holds no password')
})

test('a server that outlived its supervisor is adopted, and its end is still noticed', async (t) => {
  const folder = await testFolder(t)
  const first = await start(folder)
  const second = await start(folder)
  assert.deepEqual([second.isAdopted, second.pid, second.databaseUrl], [true, first.pid, first.databaseUrl])
  const exited = new Promise<void>((resolve) => second.onExit(resolve))
  sendSignal(second.pid, 'SIGKILL')
  await exited
})

test('a server that was stopped by a signal is woken and adopted', async (t) => {
  const folder = await testFolder(t)
  const first = await start(folder)
  freezeFamily(first.family, first.pid)
  const second = await start(folder)
  assert.deepEqual([second.isAdopted, second.pid], [true, first.pid])
  await second.stop()
  assert.deepEqual(membersOf(first.family), [])
})

test('backends that a killed postmaster left behind do not hinder the next start, nor are committed rows lost', async (t) => {
  const folder = await testFolder(t)
  const first = await start(folder, { durability: 'durable' })
  await ask(first.ownerUrl, 'create table kept as select 7 as id')
  freezeFamily(first.family, first.pid)
  sendSignal(first.pid, 'SIGKILL')
  const lines: string[] = []
  const second = await start(folder, { durability: 'durable', log: (line) => lines.push(line) })
  assert.match(lines.join(), /ending \d+ processes/)
  assert.equal(second.port, first.port)
  assert.deepEqual(await ask(second.ownerUrl, 'select id from kept limit 1'), [{ id: 7 }])
  await second.stop()
})

test('a pid file that names a living stranger is seen through', async (t) => {
  const folder = await testFolder(t)
  const first = await start(folder)
  await first.stop()
  writeFileSync(
    join(first.family.folder, 'postmaster.pid'),
    `${process.pid}\n${first.family.folder}\n1\n${first.port}\n`,
  )
  const second = await start(folder)
  assert.equal(second.isAdopted, false)
  await second.stop()
})

test('stopping ends every process, also when they are held stopped the whole time', async (t) => {
  const folder = await testFolder(t)
  const server = await start(folder)
  let hasEnded = false
  server.onExit(() => (hasEnded = true))
  const holding = setInterval(() => signalFamily(server.family, 'SIGSTOP'), 5)
  const startedAt = performance.now()
  await server.stop()
  const tookMs = performance.now() - startedAt
  clearInterval(holding)
  assert.deepEqual(membersOf(server.family), [])
  assert.ok(tookMs < 4000, `took ${Math.round(tookMs)} ms`)
  assert.equal(hasEnded, false, 'an end that was asked for is not reported')
})

test('a lost or foreign connection.json costs new passwords and no row', async (t) => {
  const folder = await testFolder(t)
  const file = join(folder, 'postgres/connection.json')
  const first = await start(folder)
  await ask(first.ownerUrl, 'create table kept as select 7 as id')
  await first.stop()
  rmSync(file)
  const second = await start(folder)
  assert.notEqual(new URL(second.ownerUrl).password, new URL(first.ownerUrl).password)
  assert.deepEqual(await ask(second.ownerUrl, 'select id from kept limit 1'), [{ id: 7 }])
  await ask(second.databaseUrl, 'select 1')
  await second.stop()
  writeFileSync(file, JSON.stringify({ port: first.port, databaseUrl: first.databaseUrl, ownerUrl: first.ownerUrl }))
  const third = await start(folder)
  assert.deepEqual(await ask(third.ownerUrl, 'select id from kept limit 1'), [{ id: 7 }])
  await third.stop()
})

test('a port that somebody else took is given up at the next start, and waited for when it must not move', async (t) => {
  const folder = await testFolder(t)
  const first = await start(folder)
  await first.stop()
  const stranger = createServer().listen(first.port, '127.0.0.1')
  await once(stranger, 'listening')
  t.after(() => stranger.close())
  await assert.rejects(start(folder, { port: 'same' }), PortTaken)
  const second = await start(folder)
  assert.notEqual(second.port, first.port)
  await ask(second.databaseUrl, 'select 1')
  await second.stop()
})

test('a first start that was cut off is done again', async (t) => {
  const folder = await testFolder(t)
  await mkdir(join(folder, 'postgres/cluster.making/base'), { recursive: true })
  const server = await start(folder)
  await ask(server.databaseUrl, 'select 1')
  await server.stop()
})

test('a start that is given up leaves no process, while the cluster is made and after', async (t) => {
  const folder = await testFolder(t)
  for (const step of ['creating configuration files', 'performing post-bootstrap initialization']) {
    const givenUp = new AbortController()
    const onProgress = (progress: { step: string }) => progress.step === step && givenUp.abort()
    await assert.rejects(start(folder, { onProgress, signal: givenUp.signal }), { name: 'AbortError' })
    assert.deepEqual(
      readProcesses(/postgres|initdb/).filter(({ title }) => title.includes(folder)),
      [],
    )
  }
})

test('a cluster of another major version is refused in one line', async (t) => {
  const folder = await testFolder(t)
  const server = await start(folder)
  await server.stop()
  writeFileSync(join(server.family.folder, 'PG_VERSION'), '17\n')
  await assert.rejects(start(folder), (error: Error) => {
    assert.match(error.message, /^[^\n]+was made by PostgreSQL 17 and this release brings 18[^\n]+$/)
    return true
  })
})

const isRoot = process.getuid?.() === 0

test('root runs it in a user namespace, or where those are forbidden as an account of its own', {
  skip: !isRoot && 'needs root',
}, async (t) => {
  const folder = await testFolder(t)
  const owners: number[] = []
  for (const namespaces of ['when-allowed', 'never', 'when-allowed'] as const) {
    const server = await start(folder, { namespaces })
    await ask(server.databaseUrl, 'select 1')
    if (namespaces === 'never') assert.equal(server.runsAs, 'account')
    owners.push(statSync(server.family.folder).uid)
    const next = await start(folder, { namespaces })
    assert.equal(next.isAdopted, true)
    await next.stop()
    assert.deepEqual(membersOf(server.family), [])
  }
  assert.notEqual(owners[1], 0)
  assert.equal(statSync(folder).mode & 0o777, 0o710, 'nobody but the account is let through')
})

test('binaries in a checkout that only root may enter are copied to where the account may go', {
  skip: !isRoot && 'needs root',
}, async (t) => {
  const checkout = await testFolder(t)
  const folder = await testFolder(t)
  const installed = await locateBinaries()
  await cp(installed.folder, join(checkout, 'native'), { recursive: true, verbatimSymlinks: true })
  const binaries = binariesIn(join(checkout, 'native'), installed.version)
  const runAs = await chooseRunAs({ folder, dataFolder: folder, binaries, namespaces: 'never' })
  assert.equal(runAs.binaries.postgres, join(folder, `binaries-${installed.version}/bin/postgres`))
  const { file, args, ...who } = runAs.command(runAs.binaries.postgres, ['--version'])
  const child = spawn(file, args, { ...who, cwd: '/' })
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

test('a data folder below a closed one is refused in one line when root has no namespaces', {
  skip: !isRoot && 'needs root',
}, async (t) => {
  const closed = await testFolder(t)
  const folder = join(closed, 'checkout/.holdfast')
  await mkdir(folder, { recursive: true })
  await assert.rejects(start(folder, { namespaces: 'never' }), (error: Error) => {
    assert.equal(error.name, 'PostgresRefused')
    assert.ok(error.message.includes(closed), error.message)
    assert.match(error.message, /^[^\n]+set HOLDFAST_DATA to a folder such as[^\n]+$/)
    return true
  })
})

test('in a plain container, where root may not look into the processes of others, it is adopted and ended all the same', {
  skip: !isRoot && 'needs root',
}, async (t) => {
  const folder = await testFolder(t)
  const program = `
    const { freezeFamily, membersOf, startPostgres } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))})
    const start = () => startPostgres({ folder: ${JSON.stringify(folder)}, durability: 'throwaway', namespaces: 'never' })
    const first = await start()
    freezeFamily(first.family, first.pid)
    const second = await start()
    freezeFamily(first.family, first.pid)
    await second.stop()
    console.log(first.runsAs, second.isAdopted, second.pid === first.pid, membersOf(first.family).length)`
  const dropped = ['--bounding-set=-sys_ptrace,-sys_admin', '--inh-caps=-sys_ptrace,-sys_admin', '--']
  const words = [...dropped, process.execPath, '--input-type=module', '--eval', program]
  const child = spawn('setpriv', words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = child.stdout.setEncoding('utf8').toArray()
  assert.deepEqual(await once(child, 'exit'), [0, null])
  assert.equal((await said).join(''), 'account true true 0\n')
})

test('an ordinary user runs it without more ado', async (t) => {
  const folder = await testFolder(t)
  const user = ordinaryUser()
  user.give(folder)
  const program = `
    const { startPostgres } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))})
    const server = await startPostgres({ folder: ${JSON.stringify(folder)}, durability: 'throwaway' })
    console.log(server.runsAs, server.version)
    await server.stop()`
  const [file, ...args] = [...user.prefix, process.execPath, '--input-type=module', '--eval', program]
  const child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' })
  const said = child.stdout.setEncoding('utf8').toArray()
  assert.deepEqual(await once(child, 'exit'), [0, null])
  assert.match((await said).join(''), /^self 18\./)
  assert.match(readFileSync(join(folder, 'postgres.log'), 'utf8'), /ready to accept connections/)
})

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

const SHIM = join(import.meta.dirname, 'bin/holdfast.js')
const DEADLINE_MS = 60_000

function holdfast(...words: string[]) {
  const settings = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('HOLDFAST_')))
  return spawnSync(process.execPath, [SHIM, ...words], { encoding: 'utf8', timeout: DEADLINE_MS, env: settings })
}

test('every command has a short help with one example', () => {
  const overview = holdfast('--help')
  assert.equal(overview.status, 0)
  const names = [...overview.stdout.matchAll(/^ {2}([\w-]+) {2,}\S/gm)].map((match) => match[1]!)
  const here = [
    'start',
    'access',
    'restart',
    'demo',
    'config',
    'keys',
    'break-glass',
    'backup',
    'restore',
    'check',
    'drill',
    'bench',
  ]
  const nouns = [
    'users',
    'organizations',
    'memberships',
    'invitations',
    'applications',
    'providers',
    'readiness',
    'fail-over',
    'sessions',
    'tokens',
    'flags',
    'audit',
  ]
  assert.deepEqual(names, [...here, 'login', 'logout', ...nouns, 'staff', 'statistics', 'version', 'help'])
  assert.equal(holdfast().stdout, overview.stdout)
  for (const name of names.filter((each) => !['version', 'help'].includes(each))) {
    const help = holdfast(name, '--help')
    assert.equal(help.status, 0, help.stderr)
    assert.match(help.stdout, new RegExp(`^Usage: holdfast ${name}`))
    assert.equal(holdfast('help', name).stdout, help.stdout)
  }
})

test('what is not known is refused in one line with exit code 2', () => {
  const cases = [
    ['strat'],
    ['toString'],
    ['help', 'strat'],
    ['start', '--dmeo'],
    ['access', 'now'],
    ['config', '--jsno'],
    ['keys'],
    ['keys', 'list'],
    ['keys', 'rotate', 'all'],
    ['audit'],
    ['audit', 'verify', 'all'],
    ['audit', 'verify', '--noted', '310'],
    ['break-glass'],
    ['break-glass', 'print', '--for', 'ana@acme.test'],
    ['break-glass', 'print', '--email'],
    ['demo', '4200'],
    ['drill', 'no-such-drill'],
    ['bench', 'no-such-bench'],
  ]
  for (const words of cases) {
    const refused = holdfast(...words)
    assert.equal(refused.status, 2, words.join(' '))
    assert.equal(refused.stdout, '')
    assert.match(refused.stderr, /^[^\n]+\n$/, words.join(' '))
  }
})

test('the version names the Node it really runs on, which is 26 or newer', () => {
  assert.match(holdfast('version').stdout, /^holdfast \d+\.\d+\.\d+, Node (2[6-9]|[3-9]\d)\.\S+\n$/)
})

test('config prints every setting, as a table and as JSON', () => {
  assert.match(holdfast('config').stdout, /^HOLDFAST_ACCESS_PORT +4000 +default /m)
  const settings = JSON.parse(holdfast('config', '--json').stdout) as { variable: string }[]
  assert.ok(settings.some(({ variable }) => variable === 'HOLDFAST_DATA'))
})

test('an older Node hands over to the pinned one: arguments, exit code and signals reach it and come back', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-cli-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  // The shim judges by `process.versions`; so an old Node is this one with another number.
  const asOld = ['--import', `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.0.0'})`]
  const run = (...words: string[]) => [...asOld, SHIM, ...words]
  const version = spawnSync(process.execPath, run('version'), { encoding: 'utf8', timeout: DEADLINE_MS })
  assert.match(version.stdout, /Node (2[6-9]|[3-9]\d)\./, version.stderr)
  assert.equal(spawnSync(process.execPath, run('strat'), { timeout: DEADLINE_MS }).status, 2)

  const port = await freePort()
  const child = spawn(process.execPath, run('access'), {
    env: {
      PATH: env.PATH,
      HOLDFAST_DATA: join(folder, 'data'),
      // Nobody there: access comes up all the same and says "unknown".
      HOLDFAST_DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:9/nowhere',
      HOLDFAST_ACCESS_PORT: String(port),
    },
    stdio: 'ignore',
  })
  t.after(() => child.kill('SIGKILL'))
  const exit = once(child, 'exit')
  await untilAnswering(`http://127.0.0.1:${port}/healthz`)
  child.kill('SIGTERM')
  assert.deepEqual(await exit, [0, null])
})

/** Twice in a row: what follows the first answer inside the process has then been done as well. */
async function untilAnswering(url: string): Promise<void> {
  const endsAt = performance.now() + DEADLINE_MS
  for (let inARow = 0; inARow < 2; ) {
    assert.ok(performance.now() < endsAt, `${url} answers within ${DEADLINE_MS / 1000} s`)
    const isThere = await fetch(url, { signal: AbortSignal.timeout(1000) }).then(
      (response) => response.ok,
      () => false,
    )
    inARow = isThere ? inARow + 1 : 0
    if (!isThere) await pause(50)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { readLedger } from './frame/ledger.ts'
import { isAlive } from './frame/processes.ts'
import { poll } from './frame/wait.ts'
import { BadUsage } from './frame/arguments.ts'
import { readArguments } from './read-arguments.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))

test('bad usage is told in one line, with exit code 2, and starts nothing', () => {
  const wrong = [
    [],
    ['no-such-drill'],
    ['database-hang', 'flags-wiped'],
    ['database-hang', '--arm', 'both-of-them'],
    ['database-hang', '--scale', '0'],
    ['database-hang', '--scale', 'fast'],
    ['database-hang', '--seed', '-1'],
    ['database-hang', '--url', 'https://example.com'],
  ]
  for (const words of wrong) assert.throws(() => readArguments(words), BadUsage, words.join(' '))

  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'no-such-drill', '--json'], {
    encoding: 'utf8',
  })
  assert.equal(status, 2)
  assert.equal(stdout, '')
  assert.equal(
    stderr,
    'There is no drill "no-such-drill". There is database-hang, store-full, flags-wiped, provider-down, or all.\n',
  )
})

test('--help says what each drill does, how long it takes and what the exit code means', () => {
  const { status, stdout } = spawnSync(process.execPath, [main, '--help'], { encoding: 'utf8' })
  assert.equal(status, 0)
  assert.match(stdout, /database-hang +the home database hangs/)
  assert.match(stdout, /About \d+ min for both arms/)
  assert.match(stdout, /Exit code 0: held\. 1: .*2: bad usage/)
})

test('without options both arms run at full scale with the usual seed', () => {
  const { chosen, ...rest } = readArguments(['database-hang'])!
  assert.deepEqual(
    chosen.map((drill) => drill.name),
    ['database-hang'],
  )
  assert.deepEqual(rest, { armNames: ['naive', 'holdfast'], scale: 1, seed: 7, isJson: false, isKept: false })
})

test('Ctrl-C in the middle of a drill leaves an honest card, exit code 1, and no process behind', async () => {
  const drill = spawn(process.execPath, [main, 'database-hang', '--arm', 'naive', '--json', '--scale', '0.05'])
  const printed = drill.stdout.setEncoding('utf8').reduce((text: string, chunk: string) => text + chunk, '')
  const never = new AbortController().signal
  // Interrupted as soon as there is something to leave behind: a PostgreSQL of the drill's own.
  const processes = await poll(
    () => startedBy(drill.pid!)?.filter((own) => own.name === 'postgres' && isAlive(own))[0] ?? null,
    {
      deadlineMs: 30_000,
      signal: never,
    },
  )
  assert.ok(processes, 'the drill never started its PostgreSQL')
  drill.kill('SIGINT')
  const [status] = await once(drill, 'exit')

  const card = JSON.parse(await printed)
  assert.equal(status, 1)
  assert.equal(card.verdict, 'invalid')
  assert.deepEqual(Object.keys(card), ['drill', 'commit', 'seed', 'verdict', 'why', 'arms', 'bars'])
  assert.match(card.why[0], /^Interrupted in the naive arm/)
  assert.ok(!isAlive(processes))
  assert.equal(startedBy(drill.pid!), undefined, 'its folder is still there')
})

function startedBy(pid: number) {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('holdfast-drill-'))
    .map((name) => readLedger(`${tmpdir()}/${name}`))
    .find((ledger) => ledger?.drill.pid === pid)?.processes
}

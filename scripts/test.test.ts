import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

const DEADLINE_MS = 120_000

function runTests(word: string, more: Record<string, string> = {}) {
  const { NODE_TEST_CONTEXT: _, CI: __, ...rest } = env
  const words = [join(import.meta.dirname, 'test.ts'), word]
  const { status, stdout } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    timeout: DEADLINE_MS,
    env: { ...rest, ...more },
  })
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1), stdout }
}

test('the last line counts what passed and what failed, and a failure is told with what its file said', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-run-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'some.test.mjs')
  const passing = `test('holds', () => { if (!process.env.TEST_POSTGRES_OWNER_URL || process.env.HOLDFAST_DATA) throw 1 })`
  const lines = [`import { test } from 'node:test'`, passing]
  writeFileSync(file, lines.join('\n'))
  const good = runTests(file, { HOLDFAST_DATA: '/nowhere' })
  assert.deepEqual([good.status, good.lastLine], [0, '1 passed, 0 failed'], good.stdout)

  const failing = `test('does not hold', () => { console.log('a word of mine'); throw new Error('no') })`
  writeFileSync(file, [...lines, failing, `test('left out', { skip: 'why' }, () => {})`].join('\n'))
  const bad = runTests(file)
  assert.deepEqual([bad.status, bad.lastLine], [1, '1 passed, 1 failed, 1 skipped'], bad.stdout)
  assert.match(bad.stdout, /does not hold\n +Error: no\n/)
  assert.match(bad.stdout, /a word of mine/)
})

test('a run without a test, and in CI one with a skipped test, is not a good one', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-run-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const none = runTests('no-such-test')
  assert.deepEqual([none.status, none.lastLine], [1, '0 passed, 0 failed'])
  const file = join(folder, 'some.test.mjs')
  const skipping = `test('holds', () => {}); test('left out', { skip: 'why' }, () => {})`
  writeFileSync(file, `import { test } from 'node:test'\n${skipping}`)
  assert.equal(runTests(file).status, 0)
  const inCi = runTests(file, { CI: 'true' })
  assert.deepEqual([inCi.status, inCi.lastLine], [1, '1 passed, 1 failed, 1 skipped'])
})

test('an interrupted run ends its tests and says so', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-run-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [file, note] = [join(folder, 'some.test.mjs'), join(folder, 'pid')]
  const hanging = `writeFileSync(${JSON.stringify(note)}, String(process.pid)); await new Promise((done) => setTimeout(done, ${DEADLINE_MS}))`
  const lines = [`import { test } from 'node:test'`, `import { writeFileSync } from 'node:fs'`]
  writeFileSync(file, [...lines, `test('hangs', async () => { ${hanging} })`].join('\n'))
  const { NODE_TEST_CONTEXT: _, CI: __, ...rest } = env
  const child = spawn(process.execPath, [join(import.meta.dirname, 'test.ts'), file], { env: rest })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => (said += chunk))
  const close = once(child, 'close')
  while (!existsSync(note) || readFileSync(note, 'utf8') === '') await pause(20)
  child.kill('SIGTERM')
  assert.deepEqual(await close, [1, null])
  assert.match(said, /The run was interrupted\.\n\d+ passed, \d+ failed\n$/)
  const hung = Number(readFileSync(note, 'utf8'))
  const isThere = () => existsSync(`/proc/${hung}/exe`)
  while (process.platform === 'linux' && isThere()) await pause(20)
})

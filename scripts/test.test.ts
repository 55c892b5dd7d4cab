import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { test } from 'node:test'

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

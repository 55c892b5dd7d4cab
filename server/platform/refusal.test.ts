import assert from 'node:assert/strict'
import { glob } from 'node:fs/promises'
import { test } from 'node:test'
import { Refusal, type Refuse, refusals } from './refusal.ts'

const refuse = refusals('flags', {
  not_found: [404, 'There is no flag {key}.'],
  mass_deletion: [409, 'This deletes {count} of {total} flags.'],
})

test('a refusal has its feature’s code, its status, and a sentence filled from the facts', () => {
  const refusal = refuse('mass_deletion', { count: 3, total: 4 })
  assert.ok(refusal instanceof Refusal)
  assert.equal(refusal.code, 'flags.mass_deletion')
  assert.equal(refusal.status, 409)
  assert.equal(refusal.message, 'This deletes 3 of 4 flags.')
  assert.deepEqual(refusal.facts, { count: 3, total: 4 })
})

test('a fact that is not there leaves its place empty, and one that looks like a place is not filled', () => {
  assert.equal(refuse('not_found').message, 'There is no flag .')
  assert.equal(refuse('not_found', { key: '{key}$1$&' }).message, 'There is no flag {key}$1$&.')
})

test('a table lists itself for the documentation', () => {
  assert.deepEqual(refuse.listed[0], { code: 'flags.not_found', status: 404, sentence: 'There is no flag {key}.' })
})

test('every refusal of the server has a stable code, a status that says no, and a sentence that ends', async () => {
  const root = new URL('../', import.meta.url).pathname
  const found = await Array.fromAsync(glob('**/refusals.ts', { cwd: root }))
  // The words of another language are no table of refusals.
  const paths = found.filter((path) => !path.includes('/words/'))
  assert.ok(paths.length >= 3, `only ${paths.length} tables seen`)
  for (const path of paths) {
    const { refuse: table } = (await import(`${root}${path}`)) as { refuse: Refuse<string> }
    for (const { code, status, sentence } of table.listed) {
      assert.match(code, /^[a-z-]+\.[a-z][a-z0-9_]*$/, path)
      assert.ok(status >= 400 && status < 600, code)
      // A place at the end is filled with a whole sentence.
      assert.match(sentence, /^[A-Z"].*([.!?]|[.!?] \{says\})$/s, code)
    }
  }
})

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { adviceFor } from './what-to-do.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** Where what is watched gets its name, so that no part can be added without advice. */
const named = [
  'server/dependencies.ts',
  'server/open-access-cache.ts',
  'server/ground/backups/backup-state.ts',
  'console/app/home/glance.ts',
  'console/app/providers/fail-over/last-worked.ts',
]
/** `name: 'feed'`, and `name: \`mail ${…}\`` of which the beginning is known. */
const NAME = /\bname: (?:'([a-z-]+)'|`([a-z]+ )\$\{)/g

async function watchedParts(): Promise<string[]> {
  const texts = await Promise.all(named.map((path) => readFile(join(ROOT, path), 'utf8')))
  const found = texts.map((text) =>
    [...text.matchAll(NAME)].map(([, whole, beginning]) => whole ?? `${beginning}smtp.acme.test`),
  )
  for (const [index, names] of found.entries()) assert.ok(names.length > 0, `${named[index]} names nothing any more`)
  return found.flat()
}

test('for everything that can be away there is something to do, and its runbook exists', async () => {
  const parts = await watchedParts()
  assert.ok(parts.includes('providers') && parts.includes('mail smtp.acme.test'), parts.join(', '))
  for (const name of parts) {
    for (const state of ['failing', 'unknown'] as const) {
      const advice = adviceFor({ name, state })
      assert.ok(advice && advice.steps.length > 0, `${name} ${state}`)
      if (advice.runbook) assert.ok(existsSync(join(ROOT, advice.runbook)), advice.runbook)
    }
  }
  assert.equal(adviceFor({ name: 'something new', state: 'failing' }), null)
})

test('while nobody can tell whose fault it is, nobody is said to go on another way', () => {
  const down = adviceFor({ name: 'providers', state: 'failing' })
  assert.equal(down?.runbook, 'docs/runbooks/provider-down.md')
  assert.match(down.steps.join(' '), /people go on by passkey or code/)
  const unknown = adviceFor({ name: 'providers', state: 'unknown' })
  assert.equal(unknown?.runbook, 'docs/runbooks/own-network-unknown.md')
  assert.doesNotMatch(unknown.steps.join(' '), /people go on by/)
})

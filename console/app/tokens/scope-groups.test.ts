import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { allScopes, scopes } from '../api/wire/scopes.ts'
import { groupScopes } from './scope-groups.ts'

const SERVER = new URL('../../../server/ground/environment/scopes.ts', import.meta.url)

test('the console knows every scope of access, in its order and in its words', async () => {
  const table = (await readFile(SERVER, 'utf8')).split('} as const')[0] ?? ''
  const rows = [...table.matchAll(/'(\w+:\w+)': '(.+)',/g)].map(([, scope, meaning]) => [scope, meaning])
  assert.ok(rows.length > 0, 'no scope was found in the table of access')
  assert.deepEqual(Object.entries(scopes), rows)
})

test('scopes are grouped by what they are about, and every group has a name', () => {
  const groups = groupScopes(allScopes)
  assert.equal(groups.flatMap((group) => group.scopes).length, allScopes.length)
  for (const { noun, name } of groups) assert.notEqual(name, noun)
})

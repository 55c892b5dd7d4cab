import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Figure, figureNames, type Overview } from '../api/wire.ts'
import { rememberFigures } from './overview.ts'

function overview(figure: Figure): Overview {
  return {
    environment: 'test',
    installation_id: null,
    version: '0',
    started_at: '',
    generated_at: '',
    actor: { id: 'usr_1', role: 'administrator', scopes: [] },
    dependencies: [],
    changes: [],
    figures: Object.fromEntries(figureNames.map((name) => [name, figure])) as Overview['figures'],
  }
}

test('the last known value of a figure outlives any number of answers without one', () => {
  const known = rememberFigures(undefined, overview({ value: 7, as_of: '02:12' }))
  const once = rememberFigures(known, overview({ value: null, as_of: null }))
  const twice = rememberFigures(once, overview({ value: null, as_of: null }))
  assert.deepEqual(twice.figures.users, { value: null, as_of: null, last: { value: 7, as_of: '02:12' } })
})

test('a figure that was never known has no last value, and none is made up', () => {
  const never = rememberFigures(undefined, overview({ value: null, as_of: null }))
  assert.equal(never.figures.users.last, null)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dependency, DependencyState } from '../api/wire.ts'
import { glanceAt, sentenceOf } from './glance.ts'

const SINCE = '2026-11-21T02:13:00.000Z'

function seen(name: string, state: DependencyState): Dependency {
  return { name, state, since: SINCE, age_ms: 10, detail: null }
}

test('what is failing comes before what cannot be seen, and that before what is well', () => {
  const glance = glanceAt([seen('feed', 'ok'), seen('mail A', 'unknown'), seen('mail B', 'failing')], null)
  assert.equal(glance.state, 'failing')
  assert.equal(glance.headline, 'Mail B is failing')
  assert.deepEqual(
    glance.dependencies.map(({ name }) => name),
    ['mail B', 'mail A', 'feed'],
  )
})

test('a dependency that cannot be seen is never green', () => {
  const glance = glanceAt([seen('database', 'unknown'), seen('feed', 'ok')], null)
  assert.equal(glance.state, 'unknown')
  assert.equal(glance.headline, 'Database cannot be seen')
})

test('while access is silent nothing that it told before is shown as known', () => {
  const glance = glanceAt([seen('database', 'ok'), seen('mail A', 'failing')], {
    of: 'access',
    since: SINCE,
    detail: null,
  })
  assert.equal(glance.state, 'unknown')
  assert.equal(glance.canSee, false)
  assert.deepEqual(glance.wrong, [])
  assert.deepEqual(
    glance.dependencies.map(({ state, since, detail }) => [state, since, detail]),
    [
      ['unknown', SINCE, 'Was ok when access last answered.'],
      ['unknown', SINCE, 'Was failing when access last answered.'],
    ],
  )
})

test('a dependency without a sentence of its own still gets one', () => {
  for (const state of ['ok', 'failing', 'unknown'] as const) assert.match(sentenceOf({ detail: null, state }), /\.$/)
})

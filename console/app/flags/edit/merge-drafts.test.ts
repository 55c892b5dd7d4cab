import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Flag } from '../../api/wire/flags.ts'
import { draftOf, withPart } from './draft.ts'
import { mergeDrafts } from './merge-drafts.ts'

const base: Pick<Flag, 'name' | 'description' | 'tags' | 'definition'> = {
  name: 'New view',
  description: null,
  tags: [],
  definition: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
}
const mine = withPart(draftOf(base), { targeting: { if: [{ '===': [{ var: 'plan' }, 'pro'] }, 'on'] } })

test('what two people changed in different places is kept, both of it', () => {
  const theirs = { ...base, tags: ['checkout'], definition: { ...base.definition, defaultVariant: 'on' } }
  const { draft, clashes } = mergeDrafts(base, mine, theirs)
  assert.deepEqual(clashes, [])
  assert.deepEqual(draft.tags, ['checkout'])
  assert.equal(draft.definition.defaultVariant, 'on')
  assert.deepEqual(draft.definition.targeting, mine.definition.targeting)
  assert.equal(draft.plain?.rules.length, 1)
})

test('what both changed is said, and mine stands there', () => {
  const theirs = { ...base, definition: { ...base.definition, targeting: { if: [true, 'on'] } } }
  const { draft, clashes } = mergeDrafts(base, mine, theirs)
  assert.deepEqual(clashes, ['rule'])
  assert.deepEqual(draft.definition.targeting, mine.definition.targeting)
})

test('what both changed alike is no clash, and what one took out stays out', () => {
  const metadata = { 'holdfast.client': true }
  const before = { ...base, definition: { ...base.definition, metadata } }
  const own = draftOf(base)
  const { draft, clashes } = mergeDrafts(before, own, base)
  assert.deepEqual(clashes, [])
  assert.equal('metadata' in draft.definition, false)
})

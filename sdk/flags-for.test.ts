import assert from 'node:assert/strict'
import { test } from 'node:test'
import { flagsFor } from './flags-for.ts'
import { on } from './testing/flags-double.ts'
import { openApp } from './testing/open-app.ts'
import { until } from './testing/until.ts'

test('a double answers what it is given, by type, and the fallback for the rest', () => {
  const flags = flagsFor({ 'new-view': true, size: 50, colour: 'red', limits: { most: 3 } })
  assert.equal(flags.boolean('new-view', false), true)
  assert.equal(flags.number('size', 1), 50)
  assert.equal(flags.string('colour', ''), 'red')
  assert.deepEqual(flags.object('limits', {}), { most: 3 })
  assert.equal(flags.boolean('other', true), true)
  assert.equal(flags.details('size', 'text').errorCode, 'TYPE_MISMATCH')
  assert.equal(flags.details('size', 1).source, 'override')
})

test('an override of the real client holds until it is restored, the newest first, in any order', async () => {
  await using app = await openApp()
  app.access.flags.publish({ view: on() })
  await until('it is there', () => app.holdfast.flags.boolean('view', false))
  const { flags } = app.holdfast
  {
    using _first = flags.override('view', false)
    assert.deepEqual([flags.boolean('view', true), flags.details('view', true).source], [false, 'override'])
    {
      using _second = flags.override('view', true)
      assert.equal(flags.boolean('view', false), true)
    }
    assert.equal(flags.boolean('view', true), false)
  }
  assert.deepEqual([flags.boolean('view', false), flags.details('view', false).source], [true, 'live'])
  const [first, second] = [flags.override('view', false), flags.override('view', true)]
  first.restore()
  assert.equal(flags.boolean('view', false), true)
  second.restore()
  assert.equal(flags.details('view', false).source, 'live')
})

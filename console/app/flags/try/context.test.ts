import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldText, readContext, valueAt, withValue } from './context.ts'

test('a field says what the JSON says, and back', () => {
  const cases: [path: string, text: string, value: unknown][] = [
    ['targetingKey', '41', '41'],
    ['age', '41', 41],
    ['age', '"41"', '41'],
    ['beta', 'true', true],
    ['plan', 'pro', 'pro'],
    ['organisation.seats', '12', 12],
  ]
  for (const [path, text, value] of cases) {
    const context = withValue({ other: 1 }, path, text)
    assert.equal(valueAt(context, path), value, path)
    assert.equal(fieldText(path, valueAt(context, path)), text, path)
    assert.deepEqual(withValue(context, path, ''), { other: 1 }, path)
  }
})

test('what is no object is no context, and it is said why', () => {
  assert.deepEqual(readContext(''), { context: {} })
  for (const text of ['[]', '1', 'null', '{']) assert.ok('wrong' in readContext(text), text)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldOf, fieldsOf, typeOf } from './fields.ts'
import type { Schema } from './open-api.ts'

test('a type is said in words', () => {
  const check = (schema: Schema, words: string) => assert.equal(typeOf(schema), words)
  check({ type: 'string' }, 'text')
  check({ type: 'string', format: 'date-time' }, 'time')
  check({ type: 'string', format: 'unheard-of' }, 'text')
  check({ type: 'string', const: 'valid' }, '"valid"')
  check({ type: 'string', enum: ['live', 'ended', 'all'] }, '"live", "ended" or "all"')
  check({ anyOf: [{ const: 'ok' }, { const: 'failing' }] }, '"ok" or "failing"')
  check({ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'whole number or null')
  check({ type: 'array', items: { type: 'object' } }, 'list of objects')
  check({ type: 'array', items: { type: 'string', format: 'date-time' } }, 'list of times')
  check({ type: 'array' }, 'list of anything')
  check({ type: 'object', patternProperties: { '.*': {} } }, 'object')
  check({}, 'anything')
})

test('what lies inside a field follows it, one step deeper, in lists and where it may be null as well', () => {
  const user: Schema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
  const shape: Schema = {
    type: 'object',
    required: ['data', 'owner'],
    properties: {
      data: { type: 'array', items: { type: 'object', properties: { user } } },
      owner: { anyOf: [user, { type: 'null' }] },
      note: { type: 'string', maxLength: 10, description: 'A word.' },
    },
  }
  assert.deepEqual(
    fieldsOf(shape).map(({ name, depth, type, isOptional }) => [name, depth, type, isOptional]),
    [
      ['data', 0, 'list of objects', false],
      ['user', 1, 'object', true],
      ['id', 2, 'text', false],
      ['owner', 0, 'object or null', false],
      ['id', 1, 'text', false],
      ['note', 0, 'text', true],
    ],
  )
  assert.equal(fieldsOf(shape).at(-1)?.meaning, 'A word. At most 10 characters.')
  assert.deepEqual(fieldsOf({ type: 'string' }), [])
})

test('a shape that holds itself ends', () => {
  const endless: Schema = { type: 'object', properties: {} }
  Object.assign(endless.properties!, { again: endless })
  assert.ok(fieldsOf(endless).length < 10)
})

test('a parameter tells its bounds, and what happens without it', () => {
  const { type, meaning, isOptional } = fieldOf({
    name: 'limit',
    in: 'query',
    description: 'How many.',
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  })
  assert.deepEqual([type, meaning, isOptional], ['whole number', 'How many. 1 to 200. 50 when it is left out.', true])
})

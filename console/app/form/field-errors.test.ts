import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CallFailure } from '../api/failure.ts'
import { fieldErrors } from './field-errors.ts'

const problem = (more: object) =>
  new CallFailure('refused', {
    call: 'POST /v1/organizations',
    status: 400,
    problem: { type: '', title: '', status: 400, code: 'platform.invalid', detail: 'A sentence.', ...more },
  })

test('what a problem says of single fields stands at these fields', () => {
  const errors = [
    { at: 'body/name', says: 'must NOT have fewer than 1 characters' },
    { at: 'body/on_unknown/max_age_s', says: 'must be <= 900' },
    { at: 'querystring', says: 'must be object' },
  ]
  assert.deepEqual(fieldErrors(problem({ errors })), {
    name: 'This must not have fewer than 1 characters.',
    on_unknown: 'This must be <= 900.',
  })
})

test('a refusal that is about one field stands there in its own words', () => {
  const taken = problem({ code: 'organizations.slug_taken', detail: 'This short name is taken.' })
  assert.deepEqual(fieldErrors(taken, { 'organizations.slug_taken': 'slug' }), { slug: 'This short name is taken.' })
})

test('an outage and a fault are about no field', () => {
  assert.deepEqual(fieldErrors(new CallFailure('silent', { call: 'POST /' })), {})
  assert.deepEqual(fieldErrors(new TypeError('a bug')), {})
  assert.deepEqual(fieldErrors(null), {})
})

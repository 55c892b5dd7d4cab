import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callers } from './callers.ts'
import { curlOf, exampleOf } from './examples.ts'
import type { Located } from './open-api.ts'

const ORIGIN = 'https://login.acme.example'
const located = (given: Partial<Located>): Located => ({ operationId: 'x', method: 'GET', path: '/v1/x', ...given })

test('an example is what the schema gives, and otherwise the plainest that fits', () => {
  const schema = {
    type: 'object',
    properties: {
      id: { type: 'string', examples: ['usr_1', 'usr_2'] },
      at: { type: 'string', format: 'date-time' },
      state: { enum: ['live', 'ended'] },
      name: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      many: { type: 'array', items: { type: 'integer' } },
      free: { type: 'object', patternProperties: {} },
    },
  }
  assert.deepEqual(exampleOf(schema), {
    id: 'usr_1',
    at: '2026-11-21T10:42:30.000Z',
    state: 'live',
    name: 'text',
    many: [1],
    free: {},
  })
})

test('curl gets the method, the address with its places filled, what the caller shows, and what must be in the body', () => {
  const lines = (operation: Partial<Located>) => curlOf(located(operation), ORIGIN).split(' \\\n  ')
  assert.deepEqual(lines({}), [`curl '${ORIGIN}/v1/x'`])
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 'ses/1' }
  assert.deepEqual(
    lines({ method: 'DELETE', path: '/v1/x/{id}', parameters: [id], security: callers.staff('users:read').security }),
    [`curl --request DELETE '${ORIGIN}/v1/x/ses%2F1'`, '--header "Authorization: Bearer $HOLDFAST_TOKEN"'],
  )
  const schema = { properties: { name: { examples: ["Ana's"] }, more: { type: 'string' } }, required: ['name'] }
  assert.deepEqual(lines({ method: 'POST', requestBody: { content: { 'application/json': { schema } } } }), [
    `curl '${ORIGIN}/v1/x'`,
    `--json '{"name":"Ana'\\''s"}'`,
  ])
  const stream = { '200': { content: { 'text/event-stream': { schema: { type: 'string' } } } } }
  assert.deepEqual(lines({ security: callers.application.security, responses: stream }), [
    `curl --no-buffer '${ORIGIN}/v1/x'`,
    '--header "Authorization: Bearer $HOLDFAST_KEY"',
  ])
})

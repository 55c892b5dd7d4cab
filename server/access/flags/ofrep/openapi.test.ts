import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openChecker, readPatch } from './testing.ts'

const SINGLE = '/{key}'
const success = (more: object) => ({ key: 'a', reason: 'STATIC', variant: 'on', ...more })

/** What the protocol means, and without its hunk does not say: line, status, body, whether it is good. */
const needed: Record<string, readonly [string, number, unknown, boolean][]> = {
  '/components/schemas/evaluationSuccess/allOf/1/anyOf': [[SINGLE, 200, success({ value: 1 }), true]],
  '/components/schemas/codeDefaultFlag/not': [
    [SINGLE, 200, success({ value: [1] }), false],
    [SINGLE, 200, success({ value: null }), false],
  ],
  '/components/schemas/evaluationSuccess/allOf/0/properties/reason/enum': [
    [SINGLE, 200, { key: 'a', reason: 'DEFAULT' }, true],
  ],
  '/paths/~1ofrep~1v1~1evaluate~1flags~1{key}/post/responses/503': [
    [SINGLE, 503, { key: 'a', errorCode: 'GENERAL' }, true],
  ],
  '/paths/~1ofrep~1v1~1evaluate~1flags/post/responses/503': [['', 503, { errorCode: 'GENERAL' }, true]],
}

test('every hunk of the patch says why, and is needed', async () => {
  const patch = await readPatch()
  const whole = await openChecker()
  for (const hunk of patch) {
    assert.ok(hunk.reason.length > 20, hunk.path)
    const without = await openChecker(hunk)
    for (const [line, status, body, isGood] of needed[hunk.path] ?? []) {
      assert.equal(whole(line, status, body).length === 0, isGood, hunk.path)
      assert.notEqual(without(line, status, body).length === 0, isGood, hunk.path)
    }
  }
  const ofAnswers = patch.filter(({ path }) => !/request|context|Request/.test(path)).map(({ path }) => path)
  assert.deepEqual(ofAnswers, Object.keys(needed))
})

test('what is patched still refuses what is no answer', async () => {
  const check = await openChecker()
  for (const [line, status, body] of [
    [SINGLE, 200, { reason: 'STATIC', value: true }],
    [SINGLE, 200, success({ value: true, reason: 'BECAUSE' })],
    [SINGLE, 200, success({ value: true, metadata: { nested: {} } })],
    [SINGLE, 404, { key: 'a', errorCode: 'GENERAL' }],
    [SINGLE, 503, { errorCode: 'GENERAL' }],
    ['', 200, { flags: [{ key: 'a' }] }],
    ['', 200, { flags: [], eventStreams: [{ type: 'sse' }] }],
    ['', 418, {}],
  ] as const) {
    assert.notEqual(check(line, status, body).length, 0, JSON.stringify(body))
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeOf, readMetadata } from './metadata-change.ts'

test('what is sent of metadata is what was changed, and null for what was taken out', () => {
  const before = { plan: 'team', theme: 'paper', crm: { account: 1 } }
  const table: [after: Record<string, unknown>, sent: Record<string, unknown> | undefined][] = [
    [{ plan: 'team', theme: 'paper', crm: { account: 1 } }, undefined],
    [{ plan: 'solo', theme: 'paper', crm: { account: 1 } }, { plan: 'solo' }],
    [
      { plan: 'team', crm: { account: 2 } },
      { crm: { account: 2 }, theme: null },
    ],
    [{}, { plan: null, theme: null, crm: null }],
    [{ ...before, seats: 3 }, { seats: 3 }],
  ]
  for (const [after, sent] of table) assert.deepEqual(changeOf(before, after), sent)
})

test('what is no object is refused with the reason, before anybody is asked', () => {
  const table: [typed: string, error: RegExp][] = [
    ['{"plan": ', /^This is not JSON: /],
    ['[1, 2]', /^Write an object/],
    ['"team"', /^Write an object/],
    ['null', /^Write an object/],
    ['{"plan": null}', /^Take “plan” out/],
  ]
  for (const [typed, error] of table) {
    const read = readMetadata(typed)
    assert.match('error' in read ? read.error : '', error)
  }
  assert.deepEqual(readMetadata('  '), { value: {} })
})

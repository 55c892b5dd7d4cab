import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchSnapshot } from './fetch-snapshot.ts'

const askedWith = (age: string) =>
  fetchSnapshot(
    {
      url: 'http://access',
      key: 'hf_test_app_notes',
      fetch: async () => new Response(null, { status: 304, headers: { 'holdfast-flags-age': age } }),
    },
    { etag: 'held', signal: new AbortController().signal },
  )

test('an age that no clock can say is unknown, and ends no process', async () => {
  for (const age of ['9'.repeat(17), '9'.repeat(400), '-1', '1.5', '']) {
    assert.deepEqual(await askedWith(age), { outcome: 'same', ageMs: null }, age)
  }
  assert.deepEqual(await askedWith('1200'), { outcome: 'same', ageMs: 1200 })
})

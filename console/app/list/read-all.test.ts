import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PAGE_MAX, ROWS_MAX, readAll } from './read-all.ts'

test('all pages are read, in order', async () => {
  const pages: Record<string, { data: number[]; next_cursor: string | null }> = {
    first: { data: [1, 2], next_cursor: 'b' },
    b: { data: [3], next_cursor: null },
  }
  const seen: number[] = []
  const all = await readAll(
    async (cursor = 'first') => pages[cursor]!,
    (rows) => seen.push(rows),
  )
  assert.deepEqual(all, { rows: [1, 2, 3], isWhole: true })
  assert.deepEqual(seen, [2, 3])
})

test('a list without end is read up to the limit, and it is said that it is not whole', async () => {
  let calls = 0
  const page = Array.from({ length: PAGE_MAX }, () => 0)
  const { rows, isWhole } = await readAll(async () => {
    calls += 1
    return { data: page, next_cursor: 'more' }
  })
  assert.equal(rows.length, ROWS_MAX)
  assert.equal(isWhole, false)
  assert.equal(calls, ROWS_MAX / PAGE_MAX)
})

test('a page without rows ends the reading, whatever its cursor says', async () => {
  const { isWhole } = await readAll(async () => ({ data: [], next_cursor: 'again' }))
  assert.equal(isWhole, false)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvOf } from './csv.ts'

const columns = [
  { head: 'id', value: ({ id }: Row) => id },
  { head: 'name', value: ({ name }: Row) => name },
]
interface Row {
  id: string | number
  name: string | null | string[]
}

test('a file is RFC 4180: CRLF, quotes around what would be misread, quotes doubled', () => {
  const rows = [
    { id: 1, name: 'Ana "Aninha" Duarte, Lisbon' },
    { id: 2, name: 'two\nlines' },
    { id: 3, name: null },
    { id: 4, name: ['owner', 'admin'] },
  ]
  assert.equal(
    csvOf(rows, columns),
    'id,name\r\n1,"Ana ""Aninha"" Duarte, Lisbon"\r\n2,"two\nlines"\r\n3,\r\n4,owner admin\r\n',
  )
})

test('a name that a spreadsheet would run as a formula is kept as text', () => {
  for (const name of ['=HYPERLINK("http://evil.test")', '+1', '-1', '@SUM(A1)', '\tx', '\rx']) {
    const [, line] = csvOf([{ id: 'a', name }], columns).split(/\r\n(?=a)/)
    assert.match(line ?? '', /^a,"?'/, name)
  }
  assert.equal(csvOf([{ id: -1, name: '' }], columns).split('\r\n')[1], '-1,')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DatabaseOutage } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'
import { Refusal } from '../../platform/refusal.ts'
import { type Searcher, search } from './search.ts'

const call = {} as Call
const found = (kind: string, id: string) => ({ kind, id, title: id, subtitle: null, url: `/console/${id}` })
const searcher = (kind: string, find: Searcher['find']): Searcher => ({ kind, find })

test('every kind is asked for five, and what is found stands in the order of kinds', async () => {
  const asked: string[] = []
  const many = (kind: string) =>
    searcher(kind, async (_call, query, limit) => {
      asked.push(`${kind} ${query} ${limit}`)
      return Array.from({ length: 9 }, (_, index) => found(kind, `${kind}${index}`))
    })
  const { data, partial } = await search([many('user'), many('token')], call, '  ana ')
  assert.deepEqual(asked, ['user ana 5', 'token ana 5'])
  assert.deepEqual([data.length, data[0]?.kind, data[5]?.kind, partial], [10, 'user', 'token', []])
})

test('a kind that does not answer is named, and the others are shown', async () => {
  const searchers = [
    searcher('user', async () => [found('user', 'usr_1')]),
    searcher('session', async () => Promise.reject(new DatabaseOutage('failed', 'away'))),
    searcher('organization', () => new Promise(() => {})),
  ]
  const { data, partial } = await search(searchers, call, 'a', 20)
  assert.deepEqual(data, [found('user', 'usr_1')])
  assert.deepEqual(partial.toSorted(), ['organization', 'session'])
})

test('a kind that the reader may not see finds nothing and is not named', async () => {
  const refused = searcher('token', async () => Promise.reject(new Refusal('sessions.scope', 403, 'No.', {})))
  assert.deepEqual(await search([refused], call, 'a'), { data: [], partial: [] })
})

test('an empty question finds nothing and asks nobody; a bug is not hidden', async () => {
  const broken = searcher('user', async () => Promise.reject(new TypeError('a bug')))
  assert.deepEqual(await search([broken], call, '  '), { data: [], partial: [] })
  await assert.rejects(search([broken], call, 'a'), TypeError)
})

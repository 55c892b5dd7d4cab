import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Queries, type Statement, sql } from '../../../platform/database/index.ts'
import { openRig } from '../testing.ts'
import { type UserFilter, searchAll, searchNewest } from './queries.ts'
import { wordsOf } from './search-words.ts'

/** Enough that PostgreSQL prefers an index where it can use one; the figures for a million stand in docs/promises/accounts.md. */
const PEOPLE = 20_000
const FIRST_PAGE: UserFilter = { state: 'all', beforeId: undefined, limit: 51 }

test('a search reads the index of words, and never the whole table', async () => {
  await using rig = await openRig()
  await rig.db.run(sql`
    insert into identity.user (id, email, email_key, name, created_at)
    select 'usr_' || lpad(n::text, 26, '0'), 'p' || n || '@acme.test', 'p' || n || '@acme.test', 'Person', now()
      from generate_series(1, ${PEOPLE}::int) as n`)
  // Without statistics, which its owner alone could gather here, PostgreSQL has to be kept from reading everything; an
  // expression that is not the index's own, letter for letter, would make it read everything all the same.
  const plans = await rig.db.transaction(async (db) => {
    await db.run(sql`set local enable_seqscan = off`)
    const made: string[] = []
    for (const state of ['all', 'active', 'blocked', 'deleting'] as const) {
      const page = { ...FIRST_PAGE, state }
      await searchAll(explaining(db, made), { ...page, words: wordsOf('p77')! })
      await searchNewest(explaining(db, made), { ...page, words: wordsOf('acme')!, among: 2000 })
    }
    return made
  })
  assert.equal(plans.length, 8)
  for (const plan of plans) assert.doesNotMatch(plan, /Seq Scan/, plan)
  assert.ok(plans.filter((plan) => plan.includes('user_words')).length >= 2, plans.join('\n\n'))
  const found = await searchAll(rig.db, { ...FIRST_PAGE, words: wordsOf('P777')! })
  assert.deepEqual(found.map((user) => user.email).slice(0, 2), ['p7779@acme.test', 'p7778@acme.test'])
})

/** The same statements, explained instead of run. */
function explaining(db: Queries, plans: string[]): Queries {
  return {
    ...db,
    async many<Row>(statement: Statement): Promise<Row[]> {
      const rows = await db.many<{ 'QUERY PLAN': string }>({
        ...statement,
        text: `explain ${statement.text}`,
      } as Statement)
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      return []
    },
  }
}

test('what is typed becomes words and nothing else', () => {
  const check = (typed: string, words: string | undefined) => assert.equal(wordsOf(typed), words, typed)
  check('Ana  Pérez', "'Ana':* & 'Pérez':*")
  check("o'Neil@acme.test", "'o':* & 'Neil':* & 'acme':* & 'test':*")
  check("'); drop table x; --", "'drop':* & 'table':* & 'x':*")
  check('!&|():*<->\\', undefined)
  check('', undefined)
  check('a b c d e f g h i j', "'a':* & 'b':* & 'c':* & 'd':* & 'e':* & 'f':* & 'g':* & 'h':*")
})

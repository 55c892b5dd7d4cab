import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { mayChange, sql } from './sql.ts'

/** What the tag is called with when it stands in source. */
const template = (strings: string[]) => Object.assign([...strings], { raw: strings }) as unknown as TemplateStringsArray

test('a value never becomes part of the text', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true }), (value) => {
      if (value === undefined) return
      const { text, values } = sql`select ${value} as it`
      assert.equal(text, 'select $1 as it')
      assert.deepEqual(values, [value])
    }),
  )
})

type Tree = { pieces: string[]; holes: (number | Tree)[] }
const piece = fc.constantFrom('a ', ' b', '', "'$1'", '$2 ', 'c')
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.array(fc.oneof({ depthSize: 'small' }, fc.integer(), tie('tree')), { maxLength: 4 }).chain((holes) =>
    fc.record({
      holes: fc.constant(holes),
      pieces: fc.array(piece, { minLength: holes.length + 1, maxLength: holes.length + 1 }),
    }),
  ) as fc.Arbitrary<Tree>,
}))

test('nested statements are spliced in: parameters count up, and stand in the order of their values', () => {
  const build = ({ pieces, holes }: Tree): ReturnType<typeof sql> =>
    sql(template(pieces), ...holes.map((hole) => (typeof hole === 'number' ? hole : build(hole))))
  /** The same, by hand: text with holes marked by a character that no piece has. */
  const flat = ({ pieces, holes }: Tree): { text: string; values: number[] } =>
    holes.reduce<{ text: string; values: number[] }>(
      (sofar, hole, index) => {
        const inner = typeof hole === 'number' ? { text: '\u0001', values: [hole] } : flat(hole)
        return { text: sofar.text + inner.text + pieces[index + 1]!, values: [...sofar.values, ...inner.values] }
      },
      { text: pieces[0]!, values: [] },
    )
  fc.assert(
    fc.property(tree, (shape) => {
      const { text, values } = build(shape)
      const expected = flat(shape)
      let at = 0
      assert.equal(
        text,
        expected.text.replace(/\u0001/g, () => `$${++at}`),
      )
      assert.deepEqual(values, expected.values)
    }),
  )
})

test('what looks like a statement and is none becomes a value', () => {
  const forged = { text: 'drop table users', values: [] }
  assert.deepEqual(sql`select ${forged}`.values, [forged])
  assert.equal(sql`select ${forged}`.text, 'select $1')
})

test('a value that was forgotten is refused where it stands', () => {
  assert.throws(() => sql`select from t where id = ${undefined}`, /after "select from t where id =" is undefined/)
})

test('a statement cannot be changed after it was written', () => {
  const statement = sql`select ${1}`
  assert.throws(() => {
    ;(statement as { text: string }).text = 'select 2'
  }, TypeError)
  assert.throws(() => (statement.values as unknown[]).push(2), TypeError)
})

test('what may change something is told from what only reads', () => {
  const id = 1
  for (const changing of [
    sql`insert into t values (${id})`,
    sql`with gone as (delete from t returning id) select id from gone`,
    sql`UPDATE t set a = 1`,
    sql`select id from t for update skip locked`,
    sql`select id from t for  key share`,
    sql`lock table t`,
    sql`select nextval('s')`,
    sql`truncate t`,
  ]) {
    assert.ok(mayChange(changing), changing.text)
  }
  for (const reading of [
    sql`select id, updated_at, deleted from t where inserted_by = ${'insert into t'} limit 1`,
    sql`select locked, forshare from t limit 1`,
  ]) {
    assert.ok(!mayChange(reading), reading.text)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openManagedFlags, type Told } from '../manage/testing.ts'
import { asOwner, by, flagOf } from '../testing.ts'

const contract = (says: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(says).map(([name, value]) => [`holdfast.${name}`, value]))
const asking = (says: Record<string, unknown>) => ({ ...flagOf('off'), metadata: contract(says) })
const bad: [Record<string, unknown>, RegExp][] = [
  [{ on_unknown: 'vale' }, /Write last-known, value or refuse as holdfast\.on_unknown: "vale" is none of them\./],
  [{ on_unknown: 'value' }, /Write which value in holdfast\.value: holdfast\.on_unknown is "value"\./],
  [{ on_unknown: 'refuse', max_age: -1 }, /Write a number of seconds, 0 or more, as holdfast\.max_age: -1 is none\./],
]
const mistyped: [Record<string, unknown>, RegExp] = [
  { on_unknown: 'value', value: 'grey' },
  /Write true or false as holdfast\.value, as the variants are: "grey" is none\./,
]

test('a failure contract that cannot be meant is refused on every way in, and says what to write', async () => {
  await using managed = await openManagedFlags()
  const { ask, rig } = managed
  const made = await ask('POST /v1/flags', { key: 'there', definition: flagOf('off') })
  const { number } = made.body
  const refused = async (asked: Promise<Told>, sentence: RegExp, path: string) => {
    const { status, body } = await asked
    assert.deepEqual([status, body.code, body.problems?.[0]?.path], [400, 'flags.bad_definition', path], body.detail)
    assert.match(body.detail, sentence)
  }
  const pathOf = (says: Record<string, unknown>) =>
    `/metadata/holdfast.${'max_age' in says ? 'max_age' : says.on_unknown === 'value' ? 'value' : 'on_unknown'}`
  for (const [says, sentence] of [...bad, mistyped]) {
    const definition = asking(says)
    const path = pathOf(says)
    await refused(ask('POST /v1/flags', { key: 'new', definition }), sentence, `/flags/new${path}`)
    await refused(ask('PATCH /v1/flags/there', { made_on: number, definition }), sentence, `/flags/there${path}`)
    const imported = { definition: { flags: { new: definition } } }
    await refused(ask('POST /v1/flags/import', imported), sentence, `/flags/new${path}`)
    await refused(ask('POST /v1/flags/import', { ...imported, dry_run: true }), sentence, `/flags/new${path}`)
  }
  for (const [says, sentence] of bad) {
    const metadata = contract(says)
    await refused(ask('PUT /v1/flags/metadata', { metadata, made_on: number }), sentence, pathOf(says))
    await refused(ask('POST /v1/flags/import', { definition: { flags: {}, metadata } }), sentence, pathOf(says))
  }
  assert.equal(rig.flags.current()!.seq, 2, 'nothing of it was saved')
})

test('what a set says of outages is not changed under flags that lean on it', async () => {
  await using managed = await openManagedFlags()
  const { ask } = managed
  const set = await ask('PUT /v1/flags/metadata', { metadata: contract({ value: true }), made_on: 'e1.s1' })
  assert.equal(set.status, 200)
  assert.equal((await ask('POST /v1/flags', { key: 'leans', definition: asking({ on_unknown: 'value' }) })).status, 201)
  const taken = await ask('PUT /v1/flags/metadata', { metadata: { a: 1 }, made_on: 'e1.s3' })
  assert.deepEqual(
    [taken.body.code, taken.body.problems[0].path],
    ['flags.bad_definition', '/flags/leans/metadata/holdfast.value'],
  )
})

test('a contract that could not be meant before, and is not touched, stops no other change', async () => {
  await using managed = await openManagedFlags()
  const { ask, rig, database } = managed
  await ask('POST /v1/flags', { key: 'old', definition: flagOf('off') })
  // As only an owner can bring it in.
  const definition = JSON.stringify(asking({ on_unknown: 'vale' }))
  await asOwner(database.ownerUrl, `update flags.entry set definition = '${definition}' where key = 'old'`)
  await rig.flags.write((tx) => rig.flags.verbs.adopt(tx, by, {}))
  const { version, definition: before } = (await ask('GET /v1/flags/old')).body
  assert.equal(before.metadata['holdfast.on_unknown'], 'vale')
  const other = { ...before, defaultVariant: 'on' }
  const saved = await ask('PATCH /v1/flags/old', { made_on: version, definition: other })
  assert.equal(saved.status, 200, saved.body.detail)
  assert.equal((await ask('POST /v1/flags/old/kill', {})).status, 200)
})

import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { KnownKeys } from './keys.ts'
import { makeKey } from './testing/access-double.ts'
import { openFolder } from './testing/open-folder.ts'

const one = makeKey('key_1').public
const two = makeKey('key_2').public

function open(dataDir: string, problems: string[] = []): KnownKeys {
  return new KnownKeys({ dataDir, environment: 'test', onProblem: (sentence) => problems.push(sentence) })
}

test('a start with access dead has the keys of last time', async () => {
  await using folder = await openFolder()
  const before = open(folder.path)
  assert.equal(
    before.adopt({ installation_id: 'ins_1', application: 'app_1', issuer: 'https://id', keys: [one, two] }),
    true,
  )
  await before.flush()
  const after = open(folder.path)
  assert.deepEqual(after.keySet.keys, [one, two])
  assert.deepEqual([after.application, after.issuer, after.stamp.installation_id], ['app_1', 'https://id', 'ins_1'])
  assert.equal((await stat(join(folder.path, 'keys.json'))).mode & 0o777, 0o600)
})

test('an empty key set is never news, and a withdrawn key goes', async () => {
  await using folder = await openFolder()
  const keys = open(folder.path)
  keys.adopt({ installation_id: 'ins_1', keys: [one, two] })
  keys.adopt({ installation_id: 'ins_1', keys: [] })
  assert.equal(keys.keySet.keys.length, 2)
  keys.adopt({ installation_id: 'ins_1', keys: [two] })
  assert.deepEqual(keys.keySet.keys, [two])
  await keys.flush()
})

test('another installation is not believed, and that is said', async () => {
  await using folder = await openFolder()
  const before = open(folder.path)
  before.adopt({ installation_id: 'ins_1', keys: [one] })
  await before.flush()
  const problems: string[] = []
  const after = open(folder.path, problems)
  assert.equal(after.adopt({ installation_id: 'ins_2', keys: [two] }), false)
  assert.deepEqual(after.keySet.keys, [one])
  assert.match(problems[0]!, /ins_1.*ins_2/)
})

test('a file of another environment is refused in one line that names both', async () => {
  await using folder = await openFolder()
  const before = open(folder.path)
  before.adopt({ installation_id: 'ins_1', keys: [one] })
  await before.flush()
  assert.throws(
    () => new KnownKeys({ dataDir: folder.path, environment: 'production', onProblem: () => {} }),
    /environment "test".*"production"/,
  )
})

test('a damaged file is told and written anew', async () => {
  await using folder = await openFolder()
  await writeFile(join(folder.path, 'keys.json'), '{"environment":"te')
  const problems: string[] = []
  const keys = open(folder.path, problems)
  assert.equal(keys.keySet.keys.length, 0)
  assert.match(problems[0]!, /is damaged/)
  keys.adopt({ installation_id: 'ins_1', keys: [one] })
  await keys.flush()
  assert.equal(JSON.parse(await readFile(join(folder.path, 'keys.json'), 'utf8')).installation_id, 'ins_1')
})

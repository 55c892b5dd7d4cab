import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { REVOCATION_KEPT_MS } from './contract.ts'
import { type Deliver, SignOutList } from './sign-outs.ts'
import { APPLICATION_KEY } from './testing/access-double.ts'
import { openFolder } from './testing/open-folder.ts'

const HANDLE = 'h'.repeat(43)
const SIGN_OUT = { handle: HANDLE, sessionId: 'ses_1', origin: 'http://app.acme.test' }
const never: Deliver = async () => false

function open(
  dataDir: string,
  more: { deliver?: Deliver; now?: () => number; key?: string; problems?: string[] } = {},
) {
  const { deliver = never, now = Date.now, key = APPLICATION_KEY, problems = [] } = more
  const onProblem = (sentence: string) => problems.push(sentence)
  return new SignOutList({ dataDir, environment: 'test', key, now, onProblem, deliver })
}

test('a sign-out in an outage is honoured by handle and by session, and survives a restart', async () => {
  await using folder = await openFolder()
  {
    await using list = open(folder.path, { now: () => 5000 })
    await list.add(SIGN_OUT)
    assert.equal(list.find(HANDLE, undefined), 5000)
  }
  await using list = open(folder.path)
  assert.equal(list.find(HANDLE, undefined), 5000)
  assert.equal(list.find(undefined, 'ses_1'), 5000)
  assert.equal(list.find('x'.repeat(43), 'ses_2'), undefined)
  assert.equal(list.undelivered, 1)
})

test('the file alone opens no session', async () => {
  await using folder = await openFolder()
  await using list = open(folder.path)
  await list.add(SIGN_OUT)
  const text = await readFile(join(folder.path, 'sign-outs.json'), 'utf8')
  assert.ok(!text.includes(HANDLE) && text.includes('ses_1'))
})

test('it is delivered once, is honoured on for a day, and is forgotten then', async () => {
  await using folder = await openFolder()
  const told: string[] = []
  let now = 1000
  const deliver: Deliver = async ({ handle, origin }) => told.push(`${handle} ${origin}`) > 0
  await using list = open(folder.path, { deliver, now: () => now })
  await list.add(SIGN_OUT)
  await list.deliver()
  await list.deliver()
  assert.deepEqual(told, [`${HANDLE} http://app.acme.test`])
  assert.deepEqual([list.undelivered, list.find(HANDLE, undefined)], [0, 1000])
  now += REVOCATION_KEPT_MS
  await list.note({ handle: 'n'.repeat(43), sessionId: 'ses_2', origin: SIGN_OUT.origin })
  assert.equal(list.find(HANDLE, 'ses_1'), undefined)
  const text = await readFile(join(folder.path, 'sign-outs.json'), 'utf8')
  assert.ok(!text.includes('ses_1'))
})

test('many at once go to disk together, each honoured', async () => {
  await using folder = await openFolder()
  {
    await using list = open(folder.path)
    await Promise.all(
      Array.from({ length: 300 }, (_, index) => list.add({ ...SIGN_OUT, handle: String(index).padStart(43, '0') })),
    )
  }
  await using list = open(folder.path)
  assert.equal(list.undelivered, 300)
})

test('after a change of the application key a sign-out is honoured here, and that it cannot be told is told', async () => {
  await using folder = await openFolder()
  {
    await using list = open(folder.path)
    await list.add(SIGN_OUT)
  }
  const problems: string[] = []
  await using list = open(folder.path, { key: `hf_test_app_${'z'.repeat(43)}`, problems })
  await list.deliver()
  assert.match(problems[0]!, /another application key/)
  assert.notEqual(list.find(HANDLE, undefined), undefined)
})

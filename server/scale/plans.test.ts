import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { sources } from '../open-store.ts'
import { systemClock } from '../platform/clock.ts'
import { migrate, onOneConnection } from '../platform/database/index.ts'
import { silentLog } from '../platform/log.ts'
import { makeTestFolder, removeTestFolder, startTestPostgres, type TestPostgres } from '../platform/testing/index.ts'
import { forgotten } from './ask.ts'
import { complaintsOf, type Page, written } from './plan-book.ts'
import { openSmallPlace, type SmallPlace } from './small-place.ts'

/**
 * The plans of a million users as an ordinary test: a small database under the planner's statistics of a large one
 * (`npm run scale -- --keep-statistics`). Independent of the machine: nothing is timed.
 */
const stack = new AsyncDisposableStack()
let database: TestPostgres
let place: SmallPlace
let pages: Page[]

before(async () => {
  // A server of its own: late in a run of all tests, one plan was another on the server that they share.
  database = stack.use(await startTestPostgres())
  const folder = await makeTestFolder()
  stack.defer(() => removeTestFolder(folder))
  const appRole = decodeURIComponent(new URL(database.databaseUrl).username)
  await migrate({ ownerUrl: database.ownerUrl, appRole, sources, log: silentLog })
  const { databaseUrl, ownerUrl } = database
  place = stack.use(
    await openSmallPlace({
      databaseUrl,
      ownerUrl,
      data: join(folder, 'data'),
      secretFile: join(folder, 'secret.key'),
      now: systemClock.now(),
    }),
  )
  pages = await place.plan(place.examples)
})
after(() => stack.disposeAsync())

test('every address that can be read has an example, so that none is left out here or in "npm run scale"', async () => {
  assert.deepEqual(await forgotten(place.url, place.examples), [])
})

test('no list and no page reads a large table from end to end, or puts many rows in order', () => {
  assert.ok(pages.flatMap(({ plans }) => plans).length > 100, 'too few statements were seen')
  assert.deepEqual(complaintsOf(pages), [])
})

test('the plans are those of plans.txt; when a change is meant: node server/scale/renew-plans.ts', () => {
  const kept = readFileSync(join(import.meta.dirname, 'plans.txt'), 'utf8')
  // By lines: of two long texts nobody is shown where they differ.
  assert.deepEqual(written(pages).split('\n'), kept.split('\n'))
})

test('an index that is lost is noticed, by the list that needs it', async () => {
  const losses = [
    ['identity.user_words', 'GET /v1/users · a word of the oldest'],
    ['sessions.session_ended', 'GET /v1/session-ends · newest'],
    ['audit.entry_by_action', 'GET /v1/audit · a rare action'],
    ['tenants.membership_by_organization', 'GET /v1/memberships · of the largest organisation'],
  ] as const
  const lost: string[] = []
  for (const [index, name] of losses) {
    const { examples } = place
    const example = examples.find((each) => `GET ${each.path} · ${each.name}` === name)!
    const before = written(pages.filter((page) => page.name === name))
    await onOneConnection(database.ownerUrl, 20_000, (db) => db.run({ text: `drop index ${index}`, values: [] }))
    const changed = await place.plan([example])
    assert.notEqual(written(changed), before, `${name} does without ${index}`)
    lost.push(...complaintsOf(changed))
  }
  assert.match(
    lost.join('\n'),
    /GET \/v1\/users · a word of the oldest: .* reads all 10\d{5} rows of identity\.user: an index is missing/,
  )
})

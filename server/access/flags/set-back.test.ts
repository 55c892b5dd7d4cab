/** What clients tell of themselves is all that is left of what was delivered since a backup: number, keys, list of signing keys. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Holdfast } from '../../../sdk/index.ts'
import { until } from '../../../sdk/testing/until.ts'
import { openTestServer } from '../../platform/http/testing.ts'
import { makeTestFolder, removeTestFolder } from '../../platform/testing/index.ts'
import { asOwner, by, copyOf, fakeClock, flagOf, flagsDatabase, type FlagsRig, openRig } from './testing.ts'

type Tx = Parameters<Parameters<FlagsRig['flags']['write']>[0]>[0]

/** One process of access with its routes, on a new disk. */
async function openAccess(databaseUrl: string) {
  const rig = await openRig({ databaseUrl, clock: fakeClock() })
  await rig.flags.follow()
  const web = await openTestServer(rig.flags.routes)
  return {
    rig,
    url: web.server.url,
    write: <T>(work: (tx: Tx, verbs: FlagsRig['flags']['verbs']) => Promise<T>) =>
      rig.flags.write((tx) => work(tx, rig.flags.verbs)),
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]()
      await rig[Symbol.asyncDispose]()
    },
  }
}

type Access = Awaited<ReturnType<typeof openAccess>>
const make = ({ write }: Access, key: string) =>
  write((tx, verbs) => verbs.make(tx, by, { kind: 'flag', key, definition: flagOf() }))

test('an app that saw a newer list of signing keys, and more flags, follows the restore of a database that lost both', async () => {
  const dataDir = await makeTestFolder()
  using _folder = { [Symbol.dispose]: () => removeTestFolder(dataDir) }
  const openApp = ({ url }: Access) =>
    new Holdfast({ url, key: `hf_test_app_${'n'.repeat(43)}`, dataDir, onProblem: () => {} })
  await using database = await flagsDatabase()
  await using first = await openAccess(database.databaseUrl)
  await make(first, 'before-the-backup')
  await using backup = await copyOf(database)
  await first.write((tx, verbs) => verbs.rotateKey(tx, by, {}))
  await make(first, 'after-the-backup')
  {
    await using app = openApp(first)
    await until('it has it all', () => app.flags.boolean('after-the-backup', false))
  }

  await using second = await openAccess(backup.databaseUrl)
  assert.equal(second.rig.flags.standing().state, 'following', 'nobody has told it otherwise')
  await using app = openApp(second)
  const { flags } = app
  await until('changes are held', async () => {
    await second.rig.flags.follow()
    return second.rig.flags.standing().fault === 'behind'
  })
  await until('its keys are told', async () => (await asOwner(backup.ownerUrl, 'select from flags.claim')).length === 1)
  const { number } = await second.write((tx, verbs) => verbs.restore(tx, by, {}))
  assert.deepEqual(number, { epoch: 2, seq: 1 })
  await until('it follows', () => flags.status().seq === 'e2.s1')
  assert.equal(flags.status().fault, null)
  assert.deepEqual([flags.boolean('before-the-backup', false), flags.boolean('after-the-backup', false)], [true, false])
})

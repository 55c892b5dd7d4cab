import assert from 'node:assert/strict'
import { test } from 'node:test'
import { migrate } from '../platform/database/index.ts'
import { silentLog } from '../platform/log.ts'
import { startTestPostgres } from '../platform/testing/index.ts'
import { sources } from '../open-store.ts'
import { archivesIn, type Target } from './target.ts'
import { openBackupRig } from './testing.ts'

test('a database that hangs in the middle ends the backup in one line, and so does a change of mind', async () => {
  await using server = await startTestPostgres()
  const { databaseUrl, ownerUrl } = server
  await migrate({ ownerUrl, appRole: 'holdfast_app', sources, log: silentLog })
  await using rig = await openBackupRig({}, { databaseUrl, ownerUrl, drop: async () => {} })
  const meanwhile = (act: () => void): Target => ({
    ...rig.target,
    async write(name, bytes) {
      async function* watched() {
        for await (const portion of bytes) {
          if (name.endsWith('.age')) act()
          yield portion
        }
      }
      await rig.target.write(name, watched())
    },
  })
  const changed = new AbortController()
  await assert.rejects(
    rig.backup({ target: meanwhile(() => changed.abort()), signal: changed.signal }),
    /^BackupFailed: The backup was interrupted; nothing was kept\.$/,
  )
  await assert.rejects(
    rig.backup({ target: meanwhile(() => server.stopAll()), stallMs: 500 }),
    /^BackupFailed: Nothing has moved for .*: the database or the target hangs; nothing was kept\.$/,
  )
  server.continueAll()
  assert.deepEqual(await archivesIn(rig.target), [])
})

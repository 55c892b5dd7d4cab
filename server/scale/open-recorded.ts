import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { openFeatures } from '../open-features.ts'
import { openStore } from '../open-store.ts'
import { silentLog } from '../platform/log.ts'
import { makeFolder } from '../platform/make-folder.ts'
import { freePort } from '../platform/postgres-server/index.ts'
import { openSecret } from '../platform/secret.ts'
import { serve } from '../serve.ts'
import { startCounting } from '../start-counting.ts'
import { type Recorded, recordingOf } from './recording.ts'

export interface RecordedAccess extends AsyncDisposable {
  url: string
  take(): Recorded[]
}

/** The routes of access in this process, so that each statement they issue can be looked at. */
export async function openRecorded(place: {
  databaseUrl: string
  ownerUrl: string
  /** Of its own. */
  data: string
  secretFile: string
}): Promise<RecordedAccess> {
  await using stack = new AsyncDisposableStack()
  const port = await freePort()
  const { config, origins } = readConfig({
    HOLDFAST_DATA: place.data,
    HOLDFAST_SECRET_FILE: place.secretFile,
    HOLDFAST_DATABASE_URL: place.databaseUrl,
    HOLDFAST_DATABASE_OWNER_URL: place.ownerUrl,
    HOLDFAST_ACCESS_PORT: String(port),
  })
  const folder = join(config.data, 'access')
  await makeFolder(folder)
  const refused = Promise.withResolvers<never>()
  refused.promise.catch(() => {})
  const store = await openStore({ config, log: silentLog, folder, onRefused: refused.reject })
  const secret = await openSecret(config.secretFile)
  const recording = recordingOf(store.database)
  const features = await openFeatures(
    {
      config,
      settings: origins,
      log: silentLog,
      secret,
      store: { ...store, database: recording.server },
      folder,
      process: 1,
    },
    stack,
  )
  const counting = startCounting(features)
  stack.defer(counting.stop)
  const server = stack.use(await serve(features, counting))
  const probed = await Promise.race([features.database.probeNow(), refused.promise])
  if (probed.state !== 'ok') throw new Error(`the database did not answer: ${probed.detail}`)
  await Promise.all([
    features.administrators.reload(),
    features.directory.reload(),
    features.providers.reload(),
    features.sessions.catchUp(),
  ])
  const held = stack.move()
  return { url: server.url, take: recording.take, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

import { AccessDouble, APPLICATION_KEY } from '../../../sdk/testing/access-double.ts'
import { openFolder } from '../../../sdk/testing/open-folder.ts'
import { until } from '../../../sdk/testing/until.ts'
import { type Notes, startNotes } from '../start-notes.ts'

export interface TestFieldnotes extends AsyncDisposable {
  access: AccessDouble
  notes: Notes
  /** Another process on the same folder and port. */
  restart(): Promise<void>
}

/** Fieldnotes on a free port, and the double of access that it speaks with. */
export async function openFieldnotes(): Promise<TestFieldnotes> {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(await openFolder())
  const access = stack.use(await AccessDouble.open())
  access.application = 'app_demo'
  const start = (port = 0) => startNotes({ port, url: access.url, folder: folder.path, key: APPLICATION_KEY })
  const app: TestFieldnotes = {
    access,
    notes: await start(),
    async restart() {
      const port = Number(new URL(app.notes.url).port)
      await app.notes[Symbol.asyncDispose]()
      app.notes = await start(port)
    },
    async [Symbol.asyncDispose]() {
      await app.notes[Symbol.asyncDispose]()
      await stack.disposeAsync()
    },
  }
  await until('the app has heard from access', async () => {
    const health = await fetch(`${app.notes.url}/healthz`)
    const { sdk } = (await health.json()) as { sdk: { keys: number; lagMs: number | null } }
    return sdk.keys > 0 && sdk.lagMs !== null
  })
  return app
}

import { createServer } from 'node:http'
import { once } from 'node:events'
import { createHandler, Holdfast } from '../../sdk/index.ts'

/** An application as the SDK's guide sets it up: its own origin, below which `/auth` is access. */
export interface App extends AsyncDisposable {
  origin: string
}

/** `port` beforehand, because access has to know the origin before there is a key. */
export async function openApp(options: { url: string; key: string; folder: string; port: number }): Promise<App> {
  const holdfast = new Holdfast({ url: options.url, key: options.key, dataDir: options.folder })
  const auth = createHandler(holdfast)
  const server = createServer(async (request, response) => {
    if (!(await auth.handle(request, response))) response.writeHead(200).end('the app')
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: originOf(options.port),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await holdfast.close()
    },
  }
}

/** Not `localhost`: browsers keep one cookie jar for all ports of a host, and access is there. */
export const originOf = (port: number) => `http://127.0.0.1:${port}`

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Holdfast } from '@holdfast/sdk'
import { answerRequest } from './answer-request.ts'
import { openNotebook } from './notebook.ts'
import { openSite } from './site.ts'

export interface NotesOptions {
  /** 0: any that is free. */
  port: number
  /** Where access is. */
  url: string
  /** For notes, and for what the SDK keeps. */
  folder: string
  /** The application key. */
  key: string
  now?: () => number
}

export interface Notes extends AsyncDisposable {
  url: string
}

/** As registered at Holdfast: the application, and therefore the audience of its sessions. */
const APPLICATION = 'app_demo'
const HOST = '127.0.0.1'
/** Requests under way get this long to end at a stop: the supervisor waits 0.7 s. */
const DRAIN_MS = 400

/** Starts Fieldnotes on loopback. Holdfast may be away: it comes up on what it knows. */
export async function startNotes({ port, url, folder, key, now = Date.now }: NotesOptions): Promise<Notes> {
  const notebook = openNotebook(folder, now)
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, resolve)
  })
  const origin = `http://${HOST}:${(server.address() as AddressInfo).port}`
  const dataDir = join(folder, 'sdk')
  const holdfast = await openHoldfast({ url, key, dataDir, audience: APPLICATION, origin, now }).catch((error) => {
    server.close()
    throw error
  })

  const site = openSite({ holdfast, notebook, origin })
  server.on('request', (request, response) => {
    const target = URL.parse(request.url ?? '/', origin) ?? new URL(origin)
    answerRequest(site, { request, response, url: target }).catch((error: Error) => {
      process.stderr.write(`fieldnotes: ${request.method} ${target.pathname}: ${error.stack}\n`)
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end('Fieldnotes could not answer this. It has been written down for its engineers.\n')
    })
  })
  return {
    url: origin,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
      await Promise.all([closed, holdfast.close()])
      clearTimeout(cut)
    },
  }
}

const openHoldfast = async (options: ConstructorParameters<typeof Holdfast>[0]) => new Holdfast(options)

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Site extends AsyncDisposable {
  url: string
  /** As a browser shows a page: takes HTML, follows nothing by itself. */
  page(path: string, init?: RequestInit): Promise<Response>
  /** As a script asks. */
  ask(path: string, init?: RequestInit): Promise<Response>
}

/** A real HTTP server on a free port. */
export async function openSite(listener: RequestListener): Promise<Site> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const send =
    (accept: string) =>
    (path: string, init: RequestInit = {}) =>
      fetch(url + path, { redirect: 'manual', ...init, headers: { accept, ...init.headers } as Record<string, string> })
  return {
    url,
    page: send('text/html,application/xhtml+xml'),
    ask: send('application/json'),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

export const cookieOf = (cookies: { handle?: string; proof?: string }): string =>
  [
    cookies.handle === undefined ? [] : [`hf_session=${cookies.handle}`],
    cookies.proof === undefined ? [] : [`hf_proof=${cookies.proof}`],
  ]
    .flat()
    .join('; ')

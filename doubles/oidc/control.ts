import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Order, Standing } from './settings.ts'
import type { OidcProvider } from './start-provider.ts'

/** Loopback HTTP beside the provider: an order is posted with the secret, and answered by how things stand afterwards. */
export async function openControl(provider: OidcProvider, secret: string): Promise<{ url: string } & AsyncDisposable> {
  if (!secret) throw new Error('the control channel needs a secret')
  const server = createServer((request, response) => {
    const end = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body))
    if (!knows(request, secret)) return end(401, { error: 'the secret is missing or wrong' })
    json(request)
      .then((order) => provider.order(order as Order))
      .then(
        (standing) => end(200, standing),
        (error: Error) => end(400, { error: error.message }),
      )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function knows({ headers }: IncomingMessage, secret: string): boolean {
  const [said, expected] = [Buffer.from(headers.authorization ?? ''), Buffer.from(`Bearer ${secret}`)]
  return said.length === expected.length && timingSafeEqual(said, expected)
}

/** The other end, for whoever started the process. */
export async function sendOrder(control: string, secret: string, order: Order): Promise<Standing> {
  const answer = await fetch(control, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(10_000),
  })
  const said = (await answer.json()) as Standing & { error?: string }
  if (!answer.ok) throw new Error(`the provider refused the order: ${said.error}`)
  return said
}

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createServer } from 'node:tls'
import { type Certificate, makeCertificateAuthority } from './index.ts'

const authority = makeCertificateAuthority()

test('a client that trusts the authority takes its certificate for the names and addresses in it', async () => {
  const certificate = authority.issue({ hosts: ['localhost', '127.0.0.1'] })
  assert.equal(await whyRefused(certificate, authority.cert), undefined)
})

test('a client sees what is wrong with a certificate: run out, not yet, for another host, of nobody it trusts', async () => {
  const hosts = ['127.0.0.1']
  const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000)
  const expired = authority.issue({ hosts, from: hour(-48), until: hour(-1) })
  const early = authority.issue({ hosts, from: hour(1) })
  const elsewhere = authority.issue({ hosts: ['elsewhere.test', '127.0.0.2'] })
  const stranger = makeCertificateAuthority().issue({ hosts })

  assert.equal(await whyRefused(expired, authority.cert), 'CERT_HAS_EXPIRED')
  assert.equal(await whyRefused(early, authority.cert), 'CERT_NOT_YET_VALID')
  assert.equal(await whyRefused(elsewhere, authority.cert), 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.equal(await whyRefused(stranger, authority.cert), 'CERT_SIGNATURE_FAILURE')
})

async function whyRefused(certificate: Certificate, ca: string): Promise<string | undefined> {
  const server = createServer(certificate, (socket) =>
    socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'),
  )
  server.on('tlsClientError', () => {
    // The client hangs up on what it does not trust: that is what is looked for.
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asking = request({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca, agent: false }).end()
  try {
    const [answer] = await once(asking, 'response')
    answer.resume()
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  } finally {
    asking.destroy()
    server.close()
  }
}

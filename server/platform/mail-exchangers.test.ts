import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { test } from 'node:test'
import { openMailExchangers } from './mail-exchangers.ts'

const [NO_ERROR, SERVFAIL, NXDOMAIN] = [0, 2, 3]
interface Said {
  code: number
  exchangers?: [priority: number, host: string][]
}

/** RFC 1035: a name server on this machine that knows these domains. */
async function startNameServer(known: Record<string, Said>) {
  const socket = createSocket('udp4')
  socket.on('message', (asked, { port, address }) => {
    const labels: string[] = []
    let at = 12
    for (let length = asked[at]!; length > 0; length = asked[at]!) {
      labels.push(asked.subarray(at + 1, at + 1 + length).toString('latin1'))
      at += length + 1
    }
    const { code, exchangers = [] } = known[labels.join('.')] ?? { code: SERVFAIL }
    const head = Buffer.alloc(12)
    asked.copy(head, 0, 0, 2)
    head.writeUInt16BE(0x8180 | code, 2)
    head.writeUInt16BE(1, 4)
    head.writeUInt16BE(exchangers.length, 6)
    const answers = exchangers.map(([priority, host]) => {
      const name = nameOf(host)
      const record = Buffer.alloc(14)
      // A pointer to the name that was asked for; MX, IN, a minute.
      record.writeUInt16BE(0xc00c, 0)
      record.writeUInt16BE(15, 2)
      record.writeUInt16BE(1, 4)
      record.writeUInt32BE(60, 6)
      record.writeUInt16BE(2 + name.length, 10)
      record.writeUInt16BE(priority, 12)
      return Buffer.concat([record, name])
    })
    socket.send(Buffer.concat([head, asked.subarray(12, at + 5), ...answers]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  return {
    servers: [`127.0.0.1:${port}`],
    async [Symbol.asyncDispose]() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

const nameOf = (host: string) =>
  Buffer.concat([
    ...host
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ])

test('DNS tells who takes the mail of a domain, and an answer that does not come is not taken for none', async () => {
  await using server = await startNameServer({
    'acme.example': {
      code: NO_ERROR,
      exchangers: [
        [20, 'alt1.aspmx.l.Google.com'],
        [10, 'aspmx.l.google.com'],
      ],
    },
    'no-mail.example': { code: NO_ERROR, exchangers: [[0, '.']] },
    'plain.example': { code: NO_ERROR },
    'gone.example': { code: NXDOMAIN },
    'broken.example': { code: SERVFAIL },
  })
  const exchangers = openMailExchangers(server)
  assert.deepEqual(await exchangers('acme.example'), ['aspmx.l.google.com', 'alt1.aspmx.l.google.com'])
  assert.deepEqual(await exchangers('no-mail.example'), [])
  assert.deepEqual(await exchangers('plain.example'), ['plain.example'])
  assert.deepEqual(await exchangers('gone.example'), [])
  assert.equal(await exchangers('broken.example'), null)
})

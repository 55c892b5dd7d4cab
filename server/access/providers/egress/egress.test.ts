import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { after, before, test } from 'node:test'
import { type CertificateOptions, makeCertificateAuthority } from '../../../../doubles/index.ts'
import { systemClock } from '../../../platform/clock.ts'
import { isPublicAddress } from './address.ts'
import { BODY_MAX, type Egress, openEgress } from './egress.ts'
import { EgressFault, type Fault } from './fault.ts'
import { readJson } from './read-json.ts'

const authority = makeCertificateAuthority()
const hosts = ['127.0.0.1', 'localhost', 'names.test']
const server = createServer(authority.issue({ hosts }), (request, response) => answer(request, response))
let answer: (request: IncomingMessage, response: ServerResponse) => void
let port: number
/** Nothing on this machine, as in production; and with this machine, as in a test. */
const outside = openEgress({ clock: systemClock, loopback: { isAllowed: false, authorities: [authority.cert] } })
const here = openEgress({ clock: systemClock, loopback: { isAllowed: true, authorities: [authority.cert] } })

before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
after(() => {
  server.closeAllConnections()
  server.close()
})

async function faultOf(egress: Egress, url: string, more: object = {}): Promise<Fault | 'none'> {
  try {
    await egress.ask({ url, ...more })
    return 'none'
  } catch (error) {
    assert.ok(error instanceof EgressFault)
    assert.doesNotMatch(error.message, /secret/)
    return error.fault
  }
}

test('no address that is not the public internet is one, in any way of writing it', () => {
  const inside = [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.0.1', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.1', '192.168.0.1', '198.18.0.1', '198.19.255.255', '203.0.113.9'],
    ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:10.0.0.1', '::127.0.0.1', '64:ff9b::a00:1'],
    ...['64:ff9b::8.8.8.8', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '5f00::1'],
    ...['fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2606:4700::1%lo'],
    ...['localhost', '', '8.8.8', '8.8.8.8.8'],
  ]
  const world = [
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '192.169.0.1',
    '11.0.0.1',
  ]
  const world6 = ['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450::1']
  assert.deepEqual(inside.filter(isPublicAddress), [])
  assert.deepEqual(
    [...world, ...world6].filter((each) => !isPublicAddress(each)),
    [],
  )
})

test('what is on this machine or in its network is not asked, however it is written', async () => {
  let asked = 0
  answer = (_, response) => {
    asked++
    response.end()
  }
  const names = ['127.0.0.1', '127.1', '0x7f.1', '0177.0.0.1', '2130706433', '0', '[::1]', '[::ffff:127.0.0.1]']
  const more = [
    '[64:ff9b::7f00:1]',
    '[::ffff:7f00:1]',
    '[::]',
    'localhost',
    'any.localhost',
    'LOCALHOST',
    '169.254.169.254',
  ]
  for (const host of [...names, ...more])
    assert.equal(await faultOf(outside, `https://${host}:${port}/`), 'address', host)
  for (const host of ['10.0.0.1', '[::ffff:127.0.0.1]', '[fd00::1]', '169.254.169.254']) {
    assert.equal(await faultOf(here, `https://${host}:${port}/`), 'address', host)
  }
  assert.equal(asked, 0)
})

test('only https is asked, and no address with a name, a password or a fragment in it', async () => {
  const urls = [
    'http://127.0.0.1/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'https://user:secret@127.0.0.1/',
    'x',
    '',
  ]
  for (const url of [...urls, 'https://127.0.0.1/#part', `https://127.0.0.1/${'a'.repeat(3000)}`]) {
    assert.equal(await faultOf(here, url), 'address', url)
  }
})

test('what answers is told with status, body, its clock and its TLS', async () => {
  answer = (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    request.on('data', () => {})
    request.on('end', () => response.end(JSON.stringify({ method: request.method })))
  }
  const answered = await here.ask({ url: `https://127.0.0.1:${port}/`, method: 'POST', body: 'code=secret' })
  assert.deepEqual(readJson(answered), { method: 'POST' })
  assert.ok(Math.abs(answered.dateAheadMs!) < 60_000)
  assert.match(answered.tls.protocol!, /^TLSv1\.[23]$/)
  assert.equal(answered.tls.issuer, 'Holdfast doubles')
})

test('a redirect is an answer, and nobody follows it to where clouds keep their credentials', async () => {
  answer = (_, response) => response.writeHead(302, { location: 'https://169.254.169.254/latest/meta-data/' }).end()
  const answered = await here.ask({ url: `https://127.0.0.1:${port}/` })
  assert.equal(answered.status, 302)
  assert.throws(() => readJson(answered), { fault: 'redirect' })
})

test('a body that never ends is cut, by time and by size, and so are headers', async () => {
  const url = `https://127.0.0.1:${port}/`
  answer = (_, response) => {
    const drip = setInterval(() => response.write('{'), 20)
    response.on('close', () => clearInterval(drip))
  }
  assert.equal(await faultOf(here, url, { deadlineMs: 300 }), 'timeout')
  answer = () => {}
  assert.equal(await faultOf(here, url, { deadlineMs: 300 }), 'timeout')
  answer = (_, response) => response.end(Buffer.alloc(BODY_MAX + 1))
  assert.equal(await faultOf(here, url), 'too-big')
  answer = (_, response) => response.writeHead(200, { long: 'a'.repeat(20_000) }).end()
  assert.equal(await faultOf(here, url), 'too-big')
  answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')
  assert.equal(await faultOf(here, url), 'malformed')
})

test('a connection that is reset, refused, never speaks TLS or no HTTP has a fault of its own', async () => {
  const url = `https://127.0.0.1:${port}/`
  answer = (request) => request.socket.destroy()
  assert.equal(await faultOf(here, url), 'reset')
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half')
    response.socket!.destroySoon()
  }
  assert.equal(await faultOf(here, url), 'reset')
  answer = (request) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n')
  assert.equal(await faultOf(here, url), 'malformed')
  const plain = createTcpServer((socket) =>
    socket
      .resume()
      .on('error', () => {})
      .end('SSH-2.0-OpenSSH_9.6\r\n'),
  ).listen(0, '127.0.0.1')
  await once(plain, 'listening')
  const at = (plain.address() as AddressInfo).port
  assert.equal(await faultOf(here, `https://127.0.0.1:${at}/`), 'tls')
  plain.close()
  await once(plain, 'close')
  assert.equal(await faultOf(here, `https://127.0.0.1:${at}/`), 'refused')
})

test('a certificate that has run out, is for another host or from nobody we know has a fault of its own', async () => {
  answer = (_, response) => response.end()
  const url = `https://127.0.0.1:${port}/`
  const with_ = async (options: CertificateOptions, by = authority) => {
    server.setSecureContext(by.issue(options))
    return faultOf(here, url)
  }
  assert.equal(await with_({ hosts, until: new Date(Date.now() - 3_600_000) }), 'tls-expired')
  assert.equal(await with_({ hosts: ['elsewhere.test'] }), 'tls-host')
  assert.equal(await with_({ hosts }, makeCertificateAuthority()), 'tls')
  assert.equal(await with_({ hosts }), 'none')
})

test('a name is looked up once, and where it led then is where the connection goes', async () => {
  const asked: string[] = []
  // Somebody who rebinds: good at the first question, inside at the second.
  await using names = await startNameServer((name) => {
    asked.push(name)
    return asked.length === 1 ? '127.0.0.1' : '10.0.0.1'
  })
  const egress = egressWith(names.address)
  answer = (_, response) => response.end('here')
  const answered = await egress.ask({ url: `https://names.test:${port}/` })
  assert.equal(answered.body.toString(), 'here')
  assert.deepEqual(asked, ['names.test'])
  assert.equal(await faultOf(egress, `https://names.test:${port}/`), 'address')
})

test('a name that leads inside is refused, also when it leads outside as well', async () => {
  await using names = await startNameServer(() => '169.254.169.254')
  assert.equal(await faultOf(egressWith(names.address), 'https://metadata.test/'), 'address')
  await using both = await startNameServer(() => ['8.8.8.8', '192.168.0.1'])
  assert.equal(await faultOf(egressWith(both.address), 'https://both.test/'), 'address')
})

test('a name that is not there, and a resolver that says nothing, are faults of names', async () => {
  await using names = await startNameServer(() => null)
  assert.equal(await faultOf(egressWith(names.address), 'https://nowhere.test/'), 'dns')
  await using silent = await startNameServer(() => undefined)
  assert.equal(await faultOf(egressWith(silent.address), 'https://nowhere.test/', { deadlineMs: 200 }), 'dns')
})

const egressWith = (nameServer: string) =>
  openEgress({ clock: systemClock, loopback: { isAllowed: true, authorities: [authority.cert], nameServer } })

type Records = string | string[] | null | undefined

/** A resolver that answers questions for IPv4 addresses (RFC 1035); null: no such name, undefined: nothing at all. */
async function startNameServer(find: (name: string) => Records): Promise<{ address: string } & AsyncDisposable> {
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    const { name, end } = readQuestion(question)
    const isA = question.readUInt16BE(end - 4) === 1
    const found = isA ? find(name) : []
    if (found === undefined) return
    const records = (found === null ? [] : [found].flat()).map((address) =>
      Buffer.concat([Buffer.from('c00c00010001000000000004', 'hex'), Buffer.from(address.split('.').map(Number))]),
    )
    const header = Buffer.from(question.subarray(0, 12))
    header.writeUInt16BE(found === null ? 0x8183 : 0x8180, 2)
    header.writeUInt16BE(records.length, 6)
    header.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([header, question.subarray(12, end), ...records]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async [Symbol.asyncDispose]() {
      socket.close()
    },
  }
}

function readQuestion(message: Buffer): { name: string; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length).toLowerCase())
    at += length + 1
  }
  return { name: labels.join('.'), end: at + 5 }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressReader } from './caller.ts'

const cases: {
  name: string
  trusted: string[]
  socket: string
  forwardedFor?: string
  client: string
}[] = [
  {
    name: 'nobody is trusted by default',
    trusted: [],
    socket: '10.0.0.1',
    forwardedFor: '192.0.2.1',
    client: '10.0.0.1',
  },
  {
    name: 'a trusted proxy tells of the client',
    trusted: ['10.0.0.1'],
    socket: '10.0.0.1',
    forwardedFor: '192.0.2.1',
    client: '192.0.2.1',
  },
  {
    name: 'a stranger is not believed',
    trusted: ['10.0.0.1'],
    socket: '10.0.0.2',
    forwardedFor: '192.0.2.1',
    client: '10.0.0.2',
  },
  {
    name: 'a trusted proxy without a word is the client',
    trusted: ['10.0.0.1'],
    socket: '10.0.0.1',
    client: '10.0.0.1',
  },
  {
    name: 'what stands left of the last stranger was written by that stranger',
    trusted: ['10.0.0.0/8'],
    socket: '10.0.0.1',
    forwardedFor: '1.1.1.1, 192.0.2.1, 10.0.0.7',
    client: '192.0.2.1',
  },
  {
    name: 'a chain of trusted proxies is walked to its beginning',
    trusted: ['10.0.0.0/8'],
    socket: '10.0.0.1',
    forwardedFor: '10.0.0.3, 10.0.0.2',
    client: '10.0.0.3',
  },
  {
    name: 'however many hops are made up, the last one counts',
    trusted: ['10.0.0.1'],
    socket: '10.0.0.1',
    forwardedFor: `${'1.1.1.1, '.repeat(500)}192.0.2.1`,
    client: '192.0.2.1',
  },
  {
    name: 'a range is one network',
    trusted: ['10.1.0.0/16'],
    socket: '10.2.0.1',
    forwardedFor: '192.0.2.1',
    client: '10.2.0.1',
  },
  {
    name: 'IPv4 in IPv6 is IPv4',
    trusted: ['127.0.0.1'],
    socket: '::ffff:127.0.0.1',
    forwardedFor: '::ffff:192.0.2.1',
    client: '192.0.2.1',
  },
  {
    name: 'a range of IPv4 holds IPv4 in IPv6',
    trusted: ['10.0.0.0/8'],
    socket: '::ffff:10.9.9.9',
    forwardedFor: '192.0.2.1',
    client: '192.0.2.1',
  },
  {
    name: 'IPv6 is trusted by its network',
    trusted: ['2001:db8::/32'],
    socket: '2001:db8:1::1',
    forwardedFor: '2001:DB9:0:0::5',
    client: '2001:db9::5',
  },
  {
    name: 'a range of IPv4 holds no IPv6',
    trusted: ['0.0.0.0/1'],
    socket: '2001:db8::1',
    forwardedFor: '192.0.2.1',
    client: '2001:db8::1',
  },
  {
    name: 'a zone is no part of an address',
    trusted: ['fe80::/10'],
    socket: 'fe80::1%eth0',
    forwardedFor: '192.0.2.1',
    client: '192.0.2.1',
  },
  {
    name: 'a port is no part of an address',
    trusted: ['10.0.0.1'],
    socket: '10.0.0.1',
    forwardedFor: '192.0.2.1:4711',
    client: '192.0.2.1',
  },
  {
    name: 'nor in brackets',
    trusted: ['10.0.0.1'],
    socket: '10.0.0.1',
    forwardedFor: '[2001:db8::1]:4711',
    client: '2001:db8::1',
  },
  {
    name: 'who is unknown is as far as we know',
    trusted: ['10.0.0.0/8'],
    socket: '10.0.0.1',
    forwardedFor: '192.0.2.1, unknown, 10.0.0.5',
    client: '10.0.0.5',
  },
  {
    name: 'nonsense is not believed',
    trusted: ['10.0.0.1'],
    socket: '10.0.0.1',
    forwardedFor: "'; drop table users",
    client: '10.0.0.1',
  },
  {
    name: 'nothing between commas is nobody',
    trusted: ['10.0.0.1'],
    socket: '10.0.0.1',
    forwardedFor: '192.0.2.1, ,',
    client: '10.0.0.1',
  },
]

for (const { name, trusted, socket, forwardedFor, client } of cases) {
  test(`the client’s address: ${name}`, () => {
    assert.equal(addressReader(trusted)(socket, forwardedFor), client)
  })
}

test('no header makes a client of anybody but the trusted proxy’s own last word', () => {
  const read = addressReader(['10.0.0.1'])
  fc.assert(
    fc.property(fc.string(), fc.ipV4(), (made, real) => {
      fc.pre(real !== '10.0.0.1')
      assert.equal(read('10.0.0.1', `${made}, ${real}`), real)
      assert.equal(read(real, made), real)
    }),
  )
})

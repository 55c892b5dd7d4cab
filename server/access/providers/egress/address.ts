import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * What is not the public internet: IANA's special-purpose registries (RFC 6890), and every form of IPv6 that carries an IPv4
 * address, so that no private one comes in disguise. 169.254.169.254 is where clouds hand out credentials.
 */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Of IPv6 only what IANA has given out for the world is the world. */
const GLOBAL_6 = '2000::/3'
const NOT_PUBLIC_6 = [
  // Teredo and other protocol assignments, ORCHIDv2, documentation, 6to4, AS112.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
]

function listOf(family: 'ipv4' | 'ipv6', networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/')
    list.addSubnet(address, Number(bits), family)
  }
  return list
}

const notPublic4 = listOf('ipv4', NOT_PUBLIC_4)
const notPublic6 = listOf('ipv6', NOT_PUBLIC_6)
const global6 = listOf('ipv6', [GLOBAL_6])
const loopback4 = listOf('ipv4', ['127.0.0.0/8'])

/** Whether packets to it leave for the public internet. An IPv6 scope (`%eth0`) is never public. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !notPublic4.check(address, 'ipv4')
  if (!isIPv6(address) || address.includes('%')) return false
  return global6.check(address, 'ipv6') && !notPublic6.check(address, 'ipv6')
}

export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIPv4(address) && loopback4.check(address, 'ipv4'))
}

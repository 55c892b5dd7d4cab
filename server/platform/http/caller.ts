import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What an application's signed request proves about the browser behind it. */
export interface Forwarded {
  application: string
  address: string
  origin: string
  prefix: string
}

/** Checks the SDK's signature; undefined when the request bears none, a refusal when it is wrong. */
export type ReadForwarded = (request: {
  method: string
  path: string
  headers: IncomingMessage['headers']
}) => Forwarded | undefined

/** The client's address, by the socket and what a trusted proxy says. */
export type ReadAddress = (socketAddress: string, forwardedFor: string | undefined) => string

/** More hops than this are not looked at; a chain of twenty trusted proxies is nobody's. */
const HOPS_MAX = 20

/**
 * The last hop that is not a trusted proxy (RFC 7239 §5.2, read from the right): whatever stands left of that was
 * written by somebody who is not trusted, and is not believed.
 */
export function addressReader(trusted: readonly string[]): ReadAddress {
  const ranges = trusted.map(parseRange)
  const isTrusted = (address: string) => isIP(address) !== 0 && ranges.some((contains) => contains(address))

  return (socketAddress, forwardedFor) => {
    let client = plain(socketAddress)
    if (!forwardedFor || !isTrusted(client)) return client
    for (const hop of forwardedFor.split(',').slice(-HOPS_MAX).reverse()) {
      const address = withoutPort(hop.trim())
      // `unknown`, or a name: who told us so is the last one that we know.
      if (!isIP(address)) return client
      client = plain(address)
      if (!isTrusted(client)) return client
    }
    return client
  }
}

function parseRange(range: string): (address: string) => boolean {
  const [text, bits] = range.split('/') as [string, string?]
  const network = ipaddr.process(text)
  const length = bits === undefined ? (network.kind() === 'ipv4' ? 32 : 128) : Number(bits)
  return (address) => {
    const parsed = ipaddr.process(address)
    return parsed.kind() === network.kind() && parsed.match(network as ipaddr.IPv4, length)
  }
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  return hop.match(/^\[([^\]]+)\](?::\d{1,5})?$/)?.[1] ?? hop.match(/^([\d.]+):\d{1,5}$/)?.[1] ?? hop
}

/** `::ffff:127.0.0.1` and `127.0.0.1` are one address, and `%eth0` is not part of it. */
function plain(address: string): string {
  const bare = address.replace(/%.*$/, '')
  return isIP(bare) ? ipaddr.process(bare).toString() : bare
}

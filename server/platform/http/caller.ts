import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { IncomingMessage } from 'node:http'

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

/** More hops than this in X-Forwarded-For are not believed. */
const HOPS_MAX = 20

/** The client's address: the last hop that is not a trusted proxy (RFC 7239 §5.2 read from the right). */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  trusted: readonly string[],
): string {
  if (!forwardedFor || !isTrusted(socketAddress, trusted)) return plain(socketAddress)
  const hops = forwardedFor.split(',', HOPS_MAX).map((hop) => hop.trim())
  for (const hop of hops.reverse()) {
    if (!isIP(hop)) return plain(socketAddress)
    if (!isTrusted(hop, trusted)) return plain(hop)
  }
  return plain(hops.at(-1) ?? socketAddress)
}

function isTrusted(address: string, trusted: readonly string[]): boolean {
  if (!isIP(address)) return false
  const parsed = ipaddr.process(address)
  return trusted.some((range) => {
    const [network, bits] = range.includes('/') ? ipaddr.parseCIDR(range) : [ipaddr.process(range), undefined]
    if (parsed.kind() !== network.kind()) return false
    return parsed.match(network as ipaddr.IPv4, bits ?? (network.kind() === 'ipv4' ? 32 : 128))
  })
}

/** `::ffff:127.0.0.1` and `127.0.0.1` are one address. */
function plain(address: string): string {
  return isIP(address) ? ipaddr.process(address).toString() : address
}

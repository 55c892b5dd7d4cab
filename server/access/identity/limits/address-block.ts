import ipaddr from 'ipaddr.js'

/** What one household, office or rented machine has: an attacker changes addresses within it freely. */
const IPV4_BITS = 24
const IPV6_BITS = 56

/** The network an address is counted with; whoever has none that can be read is counted together. */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return 'unreadable'
  const parsed = ipaddr.process(address)
  const bits = parsed.kind() === 'ipv4' ? IPV4_BITS : IPV6_BITS
  const bytes = parsed.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8))
    return byte & (0xff << (8 - kept)) & 0xff
  })
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`
}

import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './address.ts'
import { EgressFault } from './fault.ts'

export interface Address {
  address: string
  family: 4 | 6
}

/** Asked by c-ares: a resolver that hangs must not hold the four threads that also read files and derive keys. */
const ASK_MS = 1_000
const TRIES = 2
/** More addresses than these are not tried for one call. */
const ADDRESSES_MAX = 8
/** RFC 6761: names of this machine, which no resolver is asked about. */
const LOCAL_NAME = /(?:^|\.)localhost$/

export type Resolve = (host: string) => Promise<Address[]>

/** Names to addresses, each judged. One that is not public refuses the whole name: who mixes them has something in mind. */
export function openResolve(options: { isLoopbackAllowed: boolean; nameServer?: string | undefined }): Resolve {
  const { isLoopbackAllowed, nameServer } = options
  const isAllowed = (address: string) => isPublicAddress(address) || (isLoopbackAllowed && isLoopbackAddress(address))

  return async (host) => {
    const found = await find(host, isLoopbackAllowed, nameServer)
    const bad = found.find(({ address }) => !isAllowed(address))
    if (bad) throw new EgressFault('address', `${host} is at ${bad.address}, which is not on the public internet`)
    return found.slice(0, ADDRESSES_MAX)
  }
}

async function find(host: string, isLoopbackAllowed: boolean, nameServer: string | undefined): Promise<Address[]> {
  const bare = host.replace(/^\[|\]$/g, '')
  const family = isIP(bare)
  if (family === 4 || family === 6) return [{ address: bare, family }]
  if (LOCAL_NAME.test(bare)) {
    return isLoopbackAllowed ? [{ address: '127.0.0.1', family: 4 }] : [{ address: '::1', family: 6 }]
  }
  const resolver = new Resolver({ timeout: ASK_MS, tries: TRIES })
  if (nameServer) resolver.setServers([nameServer])
  const [four, six] = await Promise.allSettled([resolver.resolve4(bare), resolver.resolve6(bare)])
  const found: Address[] = [
    ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 as const })) : []),
    ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 as const })) : []),
  ]
  if (found.length > 0) return found
  const code = String((four as PromiseRejectedResult).reason?.code ?? 'nothing')
  throw new EgressFault('dns', `its name could not be resolved (${code})`)
}

import { createServer, isIPv4 } from 'node:net'

/**
 * A drill stops databases and floods doors. It does so to its own processes only, and those are on this machine:
 * whatever it is about to touch is named here first.
 */
export function requireLoopback(target: string): URL {
  const url = URL.canParse(target) ? new URL(target) : null
  if (!url) throw new NotLoopback(`"${withoutPassword(target)}" is not a URL. A drill only touches loopback.`)
  if (!isLoopback(url.hostname)) {
    throw new NotLoopback(
      `${url.hostname} is not on this machine. A drill only touches loopback: 127.0.0.1, ::1, localhost.`,
    )
  }
  // node-postgres lets these parameters overrule the host before them.
  for (const name of ['host', 'hostaddr', 'service']) {
    if (url.searchParams.has(name))
      throw new NotLoopback(`The parameter "${name}" hides where ${url.hostname} leads to.`)
  }
  return url
}

export class NotLoopback extends Error {
  override name = 'NotLoopback'
}

function isLoopback(hostname: string): boolean {
  if (hostname === 'localhost' || hostname === '[::1]' || hostname === '::1') return true
  return isIPv4(hostname) && hostname.startsWith('127.')
}

function withoutPassword(target: string): string {
  return target.replace(/\/\/[^@/]*@/, '//')
}

/**
 * Ports that were free a moment ago, all different. They are held together before the first is given back, because the
 * kernel may otherwise hand out the same one twice.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen({ port: 0, host: '127.0.0.1' }, resolve)
      })
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

import { once } from 'node:events'
import { createServer } from 'node:net'
import { StartRefused } from './refused.ts'

export interface WantedPort {
  port: number
  variable: string
  host: string
}

/** Before anything is started: a taken port found later would leave half a start behind. */
export async function assertPortsFree(wanted: readonly WantedPort[]): Promise<void> {
  for (const [n, { port, variable }] of wanted.entries()) {
    const other = wanted.slice(0, n).find((each) => each.port === port)
    if (other) throw new StartRefused(`${other.variable} and ${variable} are both ${port}: change one of them.`)
  }
  for (const each of wanted) await assertFree(each)
}

async function assertFree({ port, variable, host }: WantedPort): Promise<void> {
  const server = createServer().listen({ port, host, exclusive: true })
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new StartRefused(explain((cause as NodeJS.ErrnoException).code, port, variable, host), { cause })
  }
  server.close()
  await once(server, 'close')
}

function explain(code: string | undefined, port: number, variable: string, host: string): string {
  if (code === 'EADDRINUSE') return `Port ${port} is taken: stop what listens on it, or set ${variable} to another.`
  if (code === 'EACCES') return `Port ${port} is not for ordinary users: set ${variable} to one above 1023.`
  if (code === 'EADDRNOTAVAIL')
    return `HOLDFAST_BIND (${host}) is not an address of this machine: set it to one that is.`
  return `Port ${port} cannot be listened on (${code}): set ${variable} to another.`
}

import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

export const HOST = '127.0.0.1'

/**
 * Below those that systems give to outgoing connections (Linux from 32768 on, macOS from 49152): a port that is kept for the next
 * start would now and then be somebody's connection by then.
 */
const PORT_MIN = 20_000
const PORT_MAX = 32_767
/** Hardly one of a hundred is taken anywhere. */
const TRIES = 20

export async function freePort(): Promise<number> {
  for (let left = TRIES; left > 0; left--) {
    const port = randomInt(PORT_MIN, PORT_MAX + 1)
    if (await isPortFree(port)) return port
  }
  return anyPort()
}

async function anyPort(): Promise<number> {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, HOST)
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

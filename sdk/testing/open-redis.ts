/** A real Redis of one test's own, on a free port, with nothing on disk: to be killed, and to come back empty. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

export interface TestRedis extends AsyncDisposable {
  url: string
  kill(): Promise<void>
  /** On the same port; empty, for it keeps nothing. */
  start(): Promise<void>
}

const PROGRAM = 'redis-server'

export async function openRedis(): Promise<TestRedis> {
  const port = await freePort()
  let child: ChildProcess | undefined
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    async start() {
      const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
      const started = spawn(PROGRAM, words, { stdio: ['ignore', 'pipe', 'inherit'] })
      child = started
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject)
        started.once('exit', () => reject(new Error('redis-server ended')))
        started.stdout.on('data', (chunk) => String(chunk).includes('Ready to accept connections') && resolve())
      })
    },
    [Symbol.asyncDispose]: () => redis.kill(),
  }
  await redis.start()
  return redis
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await once(server.close(), 'close')
  return port
}

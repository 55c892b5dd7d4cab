import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eventually } from './eventually.ts'

const MAIN = join(import.meta.dirname, '../../server/main.ts')
const STOP_MS = 10_000
const SAID_MAX = 8000

/** One access process, on a port and a data folder of its own, which it keeps over restarts. */
export interface Access {
  readonly url: string
  readonly port: number
  start(): Promise<void>
  /** As a service manager does it; rejects when it does not end as it should. */
  stop(): Promise<void>
  /** What it is known to lack; `ok` when nothing. */
  database(): Promise<string>
  /** For whoever reads why a test failed. */
  said(): string
  kill(): void
}

export function accessAt(port: number, settings: Record<string, string>): Access {
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let said = ''
  const database = async () => {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) })
    const { dependencies } = (await answer.json()) as { dependencies: { name: string; state: string }[] }
    return dependencies.find(({ name }) => name === 'database')?.state ?? 'not told'
  }
  return {
    url,
    port,
    database,
    said: () => said,
    async start() {
      const started = spawn(process.execPath, [MAIN, 'access'], {
        env: { PATH: process.env.PATH, ...settings, HOLDFAST_ACCESS_PORT: String(port) },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (bytes) => {
          said = `${said}${bytes}`.slice(-SAID_MAX)
        })
      await eventually('access is ready', async () => {
        if (started.exitCode !== null) throw new Error(`access ended with ${started.exitCode}: ${said}`)
        return (await database().catch(() => '')) === 'ok'
      })
    },
    async stop() {
      const ended = once(child!, 'exit', { signal: AbortSignal.timeout(STOP_MS) })
      child!.kill('SIGTERM')
      const [code] = await ended
      if (code !== 0) throw new Error(`access ended with ${code}: ${said}`)
    },
    kill: () => void child?.kill('SIGKILL'),
  }
}

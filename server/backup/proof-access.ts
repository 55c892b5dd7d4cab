import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { foreignEnvironment } from '../config.ts'
import { within } from '../platform/deadline.ts'
import { BackupFailed } from './refused.ts'

export interface ProofAccess extends AsyncDisposable {
  url: string
  kill(): void
}

/** Nobody answers there. */
const NO_NAME_SERVER = '127.0.0.1:9'
const MAIN = join(import.meta.dirname, '../main.ts')
const READY_MS = 60_000
const LOOK_EVERY_MS = 50
const ASK_MS = 1000
const STOP_MS = 5000
const SAID_MAX = 2000

/**
 * A real access on the copy, with settings of its own and none of the installation's: no mail server, no target, its own
 * data folder, and identity providers out of its reach: what it asked them with would be used up for the installation. It
 * ends with us: the channel to it closes.
 */
export async function startProofAccess(options: {
  folder: string
  secretFile: string
  environment: string
  urls: { databaseUrl: string; ownerUrl: string }
  mailPort: number
  port: number
  signal: AbortSignal
}): Promise<ProofAccess> {
  const url = `http://localhost:${options.port}`
  const noAuthorities = join(options.folder, 'no-authorities.pem')
  await writeFile(noAuthorities, '')
  const child = spawn(process.execPath, [MAIN, 'access'], {
    env: foreignEnvironment({
      HOLDFAST_ENVIRONMENT: options.environment,
      HOLDFAST_DATA: join(options.folder, 'data'),
      HOLDFAST_SECRET_FILE: options.secretFile,
      HOLDFAST_ACCESS_PORT: String(options.port),
      HOLDFAST_URL: url,
      HOLDFAST_DATABASE_URL: options.urls.databaseUrl,
      HOLDFAST_DATABASE_OWNER_URL: options.urls.ownerUrl,
      HOLDFAST_MAIL_PORT: String(options.mailPort),
      HOLDFAST_SIGN_UP: 'open',
      HOLDFAST_PROVIDERS_ON_LOOPBACK: noAuthorities,
      HOLDFAST_PROVIDERS_NAME_SERVER: NO_NAME_SERVER,
      HOLDFAST_LOG_LEVEL: 'error',
    }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr!.on('data', (bytes) => {
    said = `${said}${bytes}`.slice(-SAID_MAX)
  })
  child.stdout!.resume()
  const kill = () => void child.kill('SIGKILL')
  try {
    await untilServing(child, url, options.signal)
  } catch (error) {
    kill()
    const [line] = said.split('\n')
    throw new BackupFailed(`Access did not start on the restored copy${line ? `: ${line}` : ''}.`, { cause: error })
  }
  return {
    url,
    kill,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await within(STOP_MS, 'access', gone).catch(kill)
    },
  }
}

async function untilServing(child: ChildProcess, url: string, signal: AbortSignal): Promise<void> {
  const until = performance.now() + READY_MS
  while (performance.now() < until && child.exitCode === null) {
    signal.throwIfAborted()
    const isReady = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ASK_MS) }).then(
      async (response) => {
        const { dependencies } = (await response.json()) as { dependencies: { name: string; state: string }[] }
        return dependencies.some(({ name, state }) => name === 'database' && state === 'ok')
      },
      () => false,
    )
    if (isReady) return
    await pause(LOOK_EVERY_MS)
  }
  throw new Error('it did not answer')
}

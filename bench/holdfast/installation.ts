import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../../drills/frame/loopback.ts'
import { childEnvironment, type Stage } from '../../drills/frame/stage.ts'
import { poll } from '../../drills/frame/wait.ts'
import { makeDatabase } from '../peers/peer.ts'
import type { Postgres } from '../../drills/postgres/start-postgres.ts'

const START_DEADLINE_MS = 60_000
const STOP_DEADLINE_MS = 10_000
const COMMAND = fileURLToPath(new URL('../../cli/bin/holdfast.js', import.meta.url))

/** Holdfast as it is started, on the PostgreSQL that all contestants share. Nothing of its inside is used. */
export interface HoldfastInstallation {
  url: string
  /** Where the demo app is: its `/auth/*` makes sessions for an application, as in production. */
  appUrl: string
  applicationKey: string
  databaseUrl: string
  /** The mail server that access is told of; the generator listens there. */
  smtpPort: number
  roots(): readonly number[]
  /** In its own way, so that profiles are written. */
  stop(): Promise<void>
  /** One more process of access, alone, with a data folder of its own. */
  addAccess(name: string): Promise<Access>
}

export interface Access {
  url: string
  roots(): readonly number[]
  /** Forgets everything that it had in memory. */
  restart(): Promise<void>
}

export interface Ports {
  accessPort: number
  demoPort: number
  smtpPort: number
}

interface Settings extends Record<string, string> {
  HOLDFAST_DATA: string
}

/**
 * `holdfast start --demo`, told by its settings of the database, of a mail server, and of a reverse proxy on this machine:
 * what a deployment has. Sign-ins then come from as many addresses as they name, and its limits a network stay in force.
 */
export async function startHoldfast(
  stage: Stage,
  postgres: Postgres,
  { ports, nodeOptions }: { ports: Ports; nodeOptions: string },
): Promise<HoldfastInstallation> {
  const { accessPort, demoPort, smtpPort } = ports
  const databaseUrl = await makeDatabase(postgres.url, 'holdfast')
  const data = join(stage.folder, 'holdfast')
  const shared = {
    HOLDFAST_DATABASE_URL: databaseUrl,
    HOLDFAST_SMTP_URLS: `smtp://127.0.0.1:${smtpPort}`,
    HOLDFAST_TRUSTED_PROXIES: '127.0.0.1',
    HOLDFAST_URL: `http://localhost:${accessPort}`,
    HOLDFAST_SECRET_FILE: join(data, 'secret.key'),
    NODE_ENV: 'production',
    NODE_OPTIONS: nodeOptions,
  }
  const settings = {
    ...shared,
    HOLDFAST_DATA: data,
    HOLDFAST_ACCESS_PORT: String(accessPort),
    HOLDFAST_DEMO_PORT: String(demoPort),
  }
  const child = spawnHoldfast(stage, 'holdfast', ['start', '--demo'], settings)
  const appUrl = `http://127.0.0.1:${demoPort}`
  await Promise.all([isUp(stage, child, 'holdfast', accessPort), isUp(stage, child, 'holdfast', demoPort)])
  return {
    // As HOLDFAST_URL names it: what changes something is held to that origin.
    url: shared.HOLDFAST_URL,
    ...{ appUrl, databaseUrl, smtpPort },
    applicationKey: (await readFile(join(data, 'demo', 'key'), 'utf8')).trim(),
    roots: () => [child.pid!],
    async stop() {
      await stage.stop(child, data, STOP_DEADLINE_MS)
    },
    addAccess: (name) => addAccess(stage, name, { ...shared, HOLDFAST_DATA: join(stage.folder, name) }),
  }
}

async function addAccess(stage: Stage, name: string, settings: Settings): Promise<Access> {
  const [port] = (await freePorts(1)) as [number]
  const start = async () => {
    const started = spawnHoldfast(stage, name, ['access'], { ...settings, HOLDFAST_ACCESS_PORT: String(port) })
    await isUp(stage, started, name, port)
    return started
  }
  let child = await start()
  return {
    url: `http://127.0.0.1:${port}`,
    roots: () => [child.pid!],
    async restart() {
      const left = await stage.stop(child, settings.HOLDFAST_DATA, STOP_DEADLINE_MS)
      if (left.length > 0) throw new Error(`${name} did not stop in ${STOP_DEADLINE_MS} ms.`)
      child = await start()
    },
  }
}

export function spawnHoldfast(stage: Stage, name: string, words: string[], settings: Settings): ChildProcess {
  return stage.spawn(name, process.execPath, [COMMAND, ...words], { env: childEnvironment(settings), detached: true })
}

async function isUp(stage: Stage, child: ChildProcess, name: string, port: number): Promise<void> {
  const found = await poll(
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended while starting: ${stage.logTail(name)}`)
      const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
      await answer?.arrayBuffer()
      return answer?.ok || null
    },
    { deadlineMs: START_DEADLINE_MS, signal: stage.signal },
  )
  if (!found) throw new Error(`${name} was not ready in time. Its output ends with: ${stage.logTail(name)}`)
}

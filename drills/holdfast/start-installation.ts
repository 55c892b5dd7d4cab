import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../frame/loopback.ts'
import { childEnvironment, type Stage } from '../frame/stage.ts'
import { poll } from '../frame/wait.ts'
import { openTarget, type Target } from '../load/request.ts'
import { type Administrator, becomeAdministrator, linkIn } from './administrator.ts'
import type { EnvironmentDatabase } from './make-database.ts'

/** Migrations of an empty database, and a console that may have to be built. */
const START_DEADLINE_MS = 60_000
const LINK_DEADLINE_MS = 30_000
const STOP_DEADLINE_MS = 10_000
const COMMAND = fileURLToPath(new URL('../../cli/bin/holdfast.js', import.meta.url))

/** One access process, with what it was started with. */
export interface Access {
  url: string
  target: Target
  data: string
  pid(): number
  stop(): Promise<number>
}

/** `holdfast start` of one environment, on a database of its own. */
export interface Installation extends Access {
  environment: string
  settings: Record<string, string>
  becomeAdministrator(scopes: readonly string[]): Promise<Administrator>
}

export async function startInstallation(
  stage: Stage,
  {
    environment,
    database,
    settings = {},
  }: { environment: string; database: EnvironmentDatabase; settings?: Record<string, string> },
): Promise<Installation> {
  const [accessPort, mailPort] = await freePorts(2)
  const url = `http://localhost:${accessPort}`
  const data = join(stage.folder, environment)
  const shared = {
    ...settings,
    HOLDFAST_ENVIRONMENT: environment,
    HOLDFAST_URL: url,
    HOLDFAST_MAIL_PORT: String(mailPort),
    HOLDFAST_DATABASE_URL: database.databaseUrl,
    HOLDFAST_DATABASE_OWNER_URL: database.ownerUrl,
    HOLDFAST_SECRET_FILE: join(data, 'secret.key'),
    HOLDFAST_LOG_LEVEL: 'warn',
  }
  const own = { ...shared, HOLDFAST_DATA: data, HOLDFAST_ACCESS_PORT: String(accessPort) }
  const access = await start(stage, { name: environment, words: ['start'], settings: own, url })
  return {
    ...access,
    environment,
    settings: shared,
    async becomeAdministrator(scopes) {
      const log = join(stage.folder, 'logs', `${environment}.log`)
      // It listens first, and prints the link once it knows that nobody is an administrator yet.
      const link = await poll(async () => linkIn(await readFile(log, 'utf8')) ?? null, {
        ...{ deadlineMs: LINK_DEADLINE_MS, signal: stage.signal, everyMs: 100 },
      })
      if (link === null)
        throw new Error(`No link for the first administrator was printed: ${stage.logTail(environment)}`)
      const { target } = access
      return becomeAdministrator({ target, link, scopes, mailFolder: join(data, 'mail'), signal: stage.signal })
    },
  }
}

/** One more access process of the same installation, with a disk of its own, which is empty. */
export async function startAccess(stage: Stage, name: string, { settings }: Installation): Promise<Access> {
  const [port] = await freePorts(1)
  const data = join(stage.folder, name)
  const own = { ...settings, HOLDFAST_DATA: data, HOLDFAST_ACCESS_PORT: String(port) }
  return start(stage, { name, words: ['access'], settings: own, url: `http://localhost:${port}` })
}

/** Starts what is expected to be refused: how it ended, and what it said. */
export async function runRefused(
  stage: Stage,
  { name, settings }: { name: string; settings: Record<string, string> },
): Promise<{ pid: number; exitCode: number | null; said: string }> {
  const [port, mailPort] = await freePorts(2)
  const ports = { HOLDFAST_ACCESS_PORT: String(port), HOLDFAST_MAIL_PORT: String(mailPort) }
  const own = { ...settings, ...ports, HOLDFAST_DATA: join(stage.folder, name) }
  const child = spawn(stage, name, ['start'], own)
  const within = { deadlineMs: START_DEADLINE_MS, signal: stage.signal }
  await poll(() => (child.exitCode !== null || child.signalCode !== null ? true : null), within)
  const said = await readFile(join(stage.folder, 'logs', `${name}.log`), 'utf8')
  if (child.exitCode === null) await stage.stop(child, own.HOLDFAST_DATA, STOP_DEADLINE_MS)
  return { pid: child.pid!, exitCode: child.exitCode, said }
}

async function start(
  stage: Stage,
  { name, words, settings, url }: { name: string; words: string[]; settings: Record<string, string>; url: string },
): Promise<Access> {
  const child = spawn(stage, name, words, settings)
  const target = openTarget(url, { connectionsMax: 10 })
  const isUp = await poll(
    async () => {
      if (child.exitCode !== null) throw new Error(`Holdfast (${name}) ended: ${stage.logTail(name)}`)
      const asked = { method: 'GET', path: '/healthz', signal: AbortSignal.timeout(1000) } as const
      const reply = await target.send(asked).catch(() => null)
      return reply?.status === 200 || null
    },
    { deadlineMs: START_DEADLINE_MS, signal: stage.signal, everyMs: 50 },
  )
  if (!isUp) throw new Error(`Holdfast (${name}) was not ready in time. Its output ends with: ${stage.logTail(name)}`)
  return {
    ...{ url, target, data: settings.HOLDFAST_DATA! },
    pid: () => child.pid!,
    async stop() {
      target[Symbol.dispose]()
      return (await stage.stop(child, settings.HOLDFAST_DATA!, STOP_DEADLINE_MS)).length
    },
  }
}

function spawn(stage: Stage, name: string, words: string[], settings: Record<string, string>): ChildProcess {
  const options = { env: childEnvironment(settings), detached: true }
  return stage.spawn(name, process.execPath, [COMMAND, ...words], options)
}

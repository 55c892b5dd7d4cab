import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, ConfigRefused, childEnvironment, readConfig } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { addressesOf, databasePathOf } from '../platform/database/index.ts'
import { PostgresRefused } from '../platform/postgres-server/index.ts'
import { prepareDataFolder } from './data-folder.ts'
import { type FolderLock, lockDataFolder } from './folder-lock.ts'
import { type ChildOptions, type KeptChild, keepChild } from './keep-child.ts'
import { keepPostgres } from './keep-postgres.ts'
import { keepSink } from './keep-sink.ts'
import { endParts, killParts, type Part } from './part.ts'
import { assertPortsFree, type WantedPort } from './ports.ts'
import { StartRefused } from './refused.ts'
import { openScreen, type Screen } from './screen.ts'
import { askedToStop } from './stop-signals.ts'
import { watchSources } from './watch-sources.ts'

export interface SuperviseOptions {
  withDemo: boolean
  withWatch: boolean
  /** What the children are; tests bring their own. */
  programs?: { access: readonly string[]; demo: readonly string[] }
}

const ROOT = join(import.meta.dirname, '../..')
const PROGRAMS = {
  access: [join(ROOT, 'server/main.ts'), 'access'],
  demo: [join(ROOT, 'examples/notes/main.ts')],
}
/** Access gives the requests it is answering 1.5 s. */
const STOP_MS = { demo: 700, access: 1900 }
const LINK_LATEST_MS = 3000
const LOOPBACK = '127.0.0.1'

/** What one start knows and has made so far. */
interface Start extends SuperviseOptions {
  config: Config
  screen: Screen
  /** In the order of their start. */
  parts: Part[]
  children: KeptChild[]
  lock: FolderLock
  /** Told to end: nothing more may be started. */
  ending: AbortSignal
}

/** `holdfast start`: everything on this machine, until it is told to end. Returns the exit code. */
export async function supervise(options: SuperviseOptions): Promise<number> {
  const screen = openScreen(process.stdout, process.stderr)
  const parts: Part[] = []
  const ending = new AbortController()
  // The terminal may be closed before we are: that is no reason to leave children behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  process.on('exit', () => killParts(parts))
  const asked = askedToStop(() => process.exit(1))
  try {
    const running = startAll(options, screen, parts, ending.signal)
    await Promise.race([asked, running.then(() => asked)])
    // A start that is given up fails in whatever it was doing.
    running.catch(() => {})
    return 0
  } catch (error) {
    return refuse(screen, error)
  } finally {
    ending.abort()
    await endParts(parts, () => process.exit(1))
  }
}

function refuse(screen: Screen, error: unknown): number {
  const isRefusal = [ConfigRefused, StartRefused, PostgresRefused].some((kind) => error instanceof kind)
  screen.refusal(isRefusal || !(error instanceof Error) ? (error as Error).message : (error.stack ?? error.message))
  return isRefusal ? 2 : 1
}

async function startAll(options: SuperviseOptions, screen: Screen, parts: Part[], ending: AbortSignal): Promise<void> {
  const { config } = readConfig()
  await prepareDataFolder(config.data)
  const lock = await lockDataFolder(config.data, systemClock)
  parts.push({ name: 'lock', stop: () => lock.release(), kill() {} })
  await assertPortsFree(portsOf(config, options))
  screen.header(await version(), config.environment, config.data)

  const start: Start = { ...options, config, screen, parts, children: [], lock, ending }
  await startDatabase(start)
  await startSink(start)
  const links = announceLinks(screen)
  const access = await startAccess(start, links.hear)
  // The link belongs below the addresses, and is not withheld when the demo does not come up.
  const latest = setTimeout(links.show, LINK_LATEST_MS)
  const demo = start.withDemo ? await startDemo(start) : undefined
  clearTimeout(latest)
  links.show()
  if (start.withWatch) watchAll(start, access, demo)
}

async function version(): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version
}

function portsOf(config: Config, { withDemo }: SuperviseOptions): WantedPort[] {
  const access = { port: config.accessPort, variable: 'HOLDFAST_ACCESS_PORT', host: config.bind }
  const demo = { port: config.demoPort, variable: 'HOLDFAST_DEMO_PORT', host: LOOPBACK }
  const mail = { port: config.mailPort, variable: 'HOLDFAST_MAIL_PORT', host: LOOPBACK }
  return [access, ...(withDemo ? [demo] : []), ...(needsSink(config) ? [mail] : [])]
}

function needsSink(config: Config): boolean {
  return config.smtpUrls.length === 0
}

async function startDatabase({ config, screen, parts }: Start): Promise<void> {
  if (config.databaseUrl) {
    const place = `${addressesOf(config.databaseUrl)}${databasePathOf(config.databaseUrl)}`
    screen.event('postgres', `${place} (HOLDFAST_DATABASE_URL)`)
    return
  }
  const postgres = keepPostgres({ folder: join(config.data, 'postgres'), dataFolder: config.data, screen })
  // Before it has started: it can be told to give up.
  parts.push(postgres)
  await postgres.start()
}

async function startSink({ config, screen, parts, ending }: Start): Promise<void> {
  ending.throwIfAborted()
  if (needsSink(config))
    parts.push(await keepSink({ port: config.mailPort, folder: join(config.data, 'mail'), screen }))
}

async function startAccess(start: Start, onMessage: (message: unknown) => void): Promise<KeptChild> {
  const { config, screen, withDemo } = start
  const program = (start.programs ?? PROGRAMS).access
  const open = Promise.withResolvers<void>()
  const access = addChild(start, {
    name: 'access',
    program: withDemo ? [...program, '--demo'] : program,
    environment: childEnvironment({}),
    healthUrl: `http://${reachable(config.bind)}:${config.accessPort}/healthz`,
    stopMs: STOP_MS.access,
    onMessage(message) {
      if ((message as { kind?: unknown }).kind === 'ready') open.resolve()
      onMessage(message)
    },
  })
  await access.ready()
  // The first of several answers before the others listen.
  if (config.accessProcesses > 1) await open.promise
  screen.part('access', config.url, 'console', `${config.url}/console`)
  if (!withDemo && needsSink(config)) screen.part('mail', `${config.url}/dev/mail`)
  return access
}

async function startDemo(start: Start): Promise<KeptChild> {
  const { config, screen } = start
  const url = `http://${LOOPBACK}:${config.demoPort}`
  const demo = addChild(start, {
    name: 'demo',
    program: (start.programs ?? PROGRAMS).demo,
    environment: childEnvironment({
      HOLDFAST_URL: config.url,
      HOLDFAST_DEMO_PORT: String(config.demoPort),
      HOLDFAST_DATA: config.data,
    }),
    healthUrl: `${url}/healthz`,
    stopMs: STOP_MS.demo,
    onMessage() {},
  })
  await demo.ready()
  if (needsSink(config)) screen.part('demo', url, 'mail', `${config.url}/dev/mail`)
  else screen.part('demo', url)
  return demo
}

function addChild(
  { config, screen, parts, children, lock, ending }: Start,
  options: Pick<ChildOptions, 'name' | 'program' | 'environment' | 'healthUrl' | 'stopMs' | 'onMessage'>,
): KeptChild {
  ending.throwIfAborted()
  const child = keepChild({
    ...options,
    screen,
    logFile: join(config.data, 'logs', `${options.name}.log`),
    onProcess: () => lock.noteChildren(children.flatMap((each) => each.pid() ?? [])),
  })
  parts.push(child)
  children.push(child)
  lock.noteChildren(children.flatMap((each) => each.pid() ?? []))
  return child
}

/** A link that makes an administrator is shown below the addresses, and one that comes later at once. */
function announceLinks(screen: Screen): { hear(message: unknown): void; show(): void } {
  let isReady = false
  let held: string | undefined
  const show = () => {
    isReady = true
    if (held) screen.line(`first administrator: ${held} (15 minutes, once)`)
    held = undefined
  }
  return {
    show,
    hear(message) {
      const { kind, url } = (message ?? {}) as { kind?: unknown; url?: unknown }
      if (kind !== 'first-administrator' || typeof url !== 'string') return
      held = url
      if (isReady) show()
    },
  }
}

/** `--watch`: each child is started again when something it is made of has changed. */
function watchAll({ parts, ending }: Start, access: KeptChild, demo: KeptChild | undefined): void {
  ending.throwIfAborted()
  parts.push(watchSources([join(ROOT, 'server'), join(ROOT, 'sdk')], () => access.restart()))
  if (demo) parts.push(watchSources([join(ROOT, 'examples'), join(ROOT, 'sdk')], () => demo.restart()))
}

/** Where what is bound to this address can be asked from here. */
function reachable(bind: string): string {
  const address = bind === '0.0.0.0' ? LOOPBACK : bind === '::' ? '::1' : bind
  return address.includes(':') ? `[${address}]` : address
}

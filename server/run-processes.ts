import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { readFileIfThere, replaceFile } from './platform/durable-file.ts'
import { openLog } from './platform/log.ts'
import { makeFolder } from './platform/make-folder.ts'
import { birthOf, isAlive, sendSignal } from './platform/processes.ts'
import type { Access } from './start-access.ts'
import { keepProcesses, LEAVE, READ_ON } from './supervisor/keep-processes.ts'

/** Ends that come together are told together: one of them is enough to make the others look. */
const TELL_AFTER_MS = 2
/** As in `main.ts`: what every command of Holdfast ends with. */
const EXIT = { done: 0, notHeld: 1, refused: 2 } as const
const MAIN = join(import.meta.dirname, 'main.ts')

/** Who can be asked to replace its processes: told from a later process that was given its number. */
interface Mark {
  pid: number
  born: string | null
}
const markFile = ({ data }: Config) => join(data, 'access-processes.json')

/** `holdfast access` with HOLDFAST_ACCESS_PROCESSES above 1: keeps that many, and hands messages on. */
export async function runProcesses(config: Config, words: string[], onFault: (error: unknown) => never): Promise<void> {
  const log = openLog({ level: config.logLevel, process: 'access-0' })
  const kept = keepProcesses({
    count: config.accessProcesses,
    program: [MAIN, 'access', ...words],
    log,
    onMessage: tellOn,
    onRefused: () => void leave(EXIT.refused),
  })
  let isLeaving = false
  async function leave(code: number): Promise<void> {
    if (isLeaving) return
    isLeaving = true
    await kept.stop()
    await rm(markFile(config), { force: true })
    process.exit(code)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void leave(EXIT.done))
  process.on('disconnect', () => void leave(EXIT.done))
  process.on('SIGHUP', () => void kept.restart())
  try {
    await makeFolder(config.data)
    await kept.start()
    const mark: Mark = { pid: process.pid, born: birthOf(process.pid) }
    await replaceFile(markFile(config), JSON.stringify(mark))
  } catch (error) {
    onFault(error)
  }
  log.info({ processes: config.accessProcesses }, 'all access processes are open')
  process.send?.({ kind: 'ready', url: config.url })
}

function tellOn(message: unknown): void {
  const { kind, url } = message as { kind?: unknown; url?: unknown }
  if (kind === 'first-administrator') tellEnrolmentLink(String(url))
}

/** Under a supervisor it is printed there, once; alone, here. Never in the log: it is a key. */
export function tellEnrolmentLink(url: string): void {
  if (process.send) process.send({ kind: 'first-administrator', url })
  else process.stdout.write(`first administrator: ${url} (15 minutes, once)\n`)
}

/** One of several: tells the others of ends, hears of theirs, and makes room when it is asked to. */
export function followSiblings(access: Access, onLeft: () => void): void {
  let isTelling = false
  access.onEnded(() => {
    if (isTelling) return
    isTelling = true
    setTimeout(() => {
      isTelling = false
      if (process.connected) process.send?.({ kind: READ_ON })
    }, TELL_AFTER_MS)
  })
  process.on('message', ({ kind }: { kind?: unknown }) => {
    if (kind === READ_ON) void access.readOn()
    if (kind === LEAVE) void access.leave().finally(onLeft)
  })
}

/** `holdfast restart`: the processes are replaced one after the other, and no request fails. */
export async function restartProcesses(config: Config): Promise<number> {
  const text = await readFileIfThere(markFile(config))
  const mark = text ? (JSON.parse(text) as Mark) : undefined
  if (!mark || !isAlive(mark.pid) || birthOf(mark.pid) !== mark.born) {
    process.stderr.write(
      `holdfast: Nothing on ${config.data} runs several access processes: set HOLDFAST_ACCESS_PROCESSES to 2 or more and start it.\n`,
    )
    return EXIT.refused
  }
  sendSignal(mark.pid, 'SIGHUP')
  process.stdout.write('The access processes are replaced one after the other; the log says when each was.\n')
  return EXIT.done
}

import { join } from 'node:path'
import {
  freezeFamily,
  killFamily,
  membersOf,
  type PostgresOptions,
  type RunningPostgres,
  signalFamily,
  startPostgres,
} from '../postgres-server/index.ts'
import { sendSignal } from '../processes.ts'
import { makeTestFolder, removeTestFolder, removeWithProcess } from './test-folder.ts'

/** A PostgreSQL of one's own, to be hurt. Everything about it goes away with `close`, or with the process. */
export interface TestPostgres extends AsyncDisposable {
  readonly databaseUrl: string
  readonly ownerUrl: string
  readonly port: number
  /** Of the postmaster that runs now. */
  pid(): number
  /** Of every process that runs now. */
  pids(): number[]
  /** SIGSTOP to every process: it accepts connections and answers nothing (events.md H1). */
  stopAll(): void
  /** SIGSTOP to the postmaster alone: connections that exist work, new ones hang (events.md H2). */
  stopPostmaster(): void
  continueAll(): void
  /** SIGKILL to every process; returns when all are gone. */
  killAll(): Promise<void>
  /** Starts it again on the same port with the same rows. */
  restart(): Promise<void>
  close(): Promise<void>
}

const KILL_MS = 10_000

export async function startTestPostgres(options: Partial<PostgresOptions> = {}): Promise<TestPostgres> {
  const folder = await makeTestFolder()
  removeWithProcess(folder)
  const start = (port: PostgresOptions['port']) =>
    startPostgres({ durability: 'throwaway', ...options, folder: join(folder, 'postgres'), dataFolder: folder, port })
  let running: RunningPostgres = await start('once-chosen')
  const { databaseUrl, ownerUrl, port, family } = running

  async function close(): Promise<void> {
    running.kill()
    await killFamily(family, KILL_MS)
    removeTestFolder(folder)
  }
  return {
    databaseUrl,
    ownerUrl,
    port,
    pid: () => running.pid,
    pids: () => membersOf(family),
    stopAll: () => freezeFamily(family, running.pid),
    stopPostmaster: () => void sendSignal(running.pid, 'SIGSTOP'),
    continueAll: () => void signalFamily(family, 'SIGCONT'),
    async killAll() {
      running.kill()
      await killFamily(family, KILL_MS)
    },
    async restart() {
      running.kill()
      await killFamily(family, KILL_MS)
      running = await start('same')
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

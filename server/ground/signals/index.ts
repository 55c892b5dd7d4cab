import { fileURLToPath } from 'node:url'
import type { MigrationSource } from '../../platform/database/index.ts'
import { appendSignal } from './queries.ts'
import type { Signal } from './signal.ts'

export { startSignalJobs } from './jobs.ts'
export { newestSignals, signalsAbout, tallySignals, type TallyRow } from './queries.ts'
export type { Signal, SignalRow, SignalSaid } from './signal.ts'

export const migrations: MigrationSource = {
  schema: 'signals',
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
}

export const signalAt =
  (now: () => Date): Signal =>
  (db, said) =>
    appendSignal(db, said, now())

import { sources } from '../open-store.ts'
import { BackupFailed } from './refused.ts'

/** Everything that is Holdfast's own in its database; what else lies there is somebody else's. */
export const HOLDFAST_SCHEMAS: readonly string[] = ['platform', ...sources.map(({ schema }) => schema)]

/** The ledger is written by migrating; heartbeats are of processes that are not there after a restore. */
const LEFT_OUT = new Set(['platform.migration', 'platform.heartbeat'])

/** Tables that others refer to come first. */
export function inOrder<Table extends { schema: string; table: string; needs: readonly string[] }>(
  tables: readonly Table[],
): Table[] {
  const nameOf = ({ schema, table }: Table) => `${schema}.${table}`
  const waiting = new Map(tables.filter((table) => !LEFT_OUT.has(nameOf(table))).map((table) => [nameOf(table), table]))
  const ordered: Table[] = []
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, { needs }]) => !needs.some((name) => waiting.has(name)))
    if (ready.length === 0) throw new BackupFailed(`These tables need each other: ${[...waiting.keys()].join(', ')}.`)
    for (const [name, table] of ready) {
      ordered.push(table)
      waiting.delete(name)
    }
  }
  return ordered
}

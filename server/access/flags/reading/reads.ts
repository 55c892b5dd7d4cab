import type { Parsed, RootKey } from '../../../../sdk/flags/snapshot.ts'
import type { ChangeRow, Entry, EntryKind } from '../entry.ts'
import type { FleetMember } from '../fleet/fleet.ts'
import type { Parts } from '../parts.ts'
import { type Exported, exported } from '../verbs/replace-state.ts'
import { stateAt } from '../verbs/restore-flags.ts'
import { findEntry, type HistoryAsked, type ListAsked, listChanges, listEntries } from './queries.ts'

/** What can be seen of flags. All but `export` and `trust` ask the database. */
export interface Reads {
  list(asked: ListAsked): Promise<Entry[]>
  find(kind: EntryKind, key: string): Promise<Entry | undefined>
  /** Newest first. */
  history(asked: HistoryAsked): Promise<ChangeRow[]>
  /** Everything as it was at an instant, by the log. */
  at(instant: Date): Promise<Exported>
  /** What is served now. */
  export(): Exported | undefined
  fleet(): Promise<FleetMember[]>
  /** What apps pin; undefined: this process has not seen the root. */
  trust(): Trusted | undefined
}

export interface Trusted {
  fingerprint: string
  root: RootKey
  /** Of what is served: who may sign; null: nothing is served yet. */
  key_list: { number: number; keys: string[] } | null
}

export function openReads({ db, served, fleet, keys }: Parts): Reads {
  return {
    list: (asked) => listEntries(db, asked),
    find: (kind, key) => findEntry(db, kind, key),
    history: (asked) => listChanges(db, asked),
    async at(instant) {
      const { flags, evaluators, metadata } = (await stateAt(db, instant)).state
      const definition = { flags, $evaluators: evaluators, metadata }
      return { number: null, made_at: instant.toISOString(), definition }
    },
    export() {
      const current = served.current()
      return current && exported(current)
    },
    fleet: fleet.list,
    trust() {
      const pair = keys.root()
      return pair && { fingerprint: pair.fingerprint, root: pair.root, key_list: keyListOf(served.held()) }
    },
  }
}

function keyListOf(held: Parsed | undefined): Trusted['key_list'] {
  return held ? { number: held.keyList.number, keys: held.keyList.keys.map(({ kid }) => kid) } : null
}

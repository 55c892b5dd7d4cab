import { isSameJson } from '../../../../sdk/evaluate.ts'
import type { Parsed } from '../../../../sdk/flags/snapshot.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { definitionIn } from '../changing/change-of.ts'
import { wordOf } from '../entry.ts'
import type { Fault } from '../following/standing.ts'
import { type EntrySeen, readEntries } from './queries.ts'

/** A person looks at these first; the restore puts all of them right. */
const KEYS_SAID = 5

/** Undefined: the tables say what is served, or were written to by somebody else while they were read. */
export type FindInEntries = (db: Queries, print: string, held: Parsed) => Promise<Fault | undefined>

/**
 * Whether the entries say what `held` says. Their versions tell whether any row is another than before; only of a row of a
 * version that was not seen yet is the definition read. So a dump that was put back is read whole, once, and is no harm.
 */
export function openEntries(): FindInEntries {
  let compared: { digest: string; print: string; fault: Fault | undefined } | undefined
  let versions: readonly string[] = []
  return async (db, print, held) => {
    const { digest } = held.header
    if (compared?.digest === digest && compared.print === print) return compared.fault
    const seen = await readEntries(db, versions)
    // Of another number than ours: the next look has both.
    if (seen.digest !== digest) return compared?.fault
    const fault = faultIn(seen.rows, held)
    if (!fault) versions = seen.versions
    compared = { digest, print: seen.print, fault }
    return fault
  }
}

function faultIn(rows: readonly EntrySeen[], { body }: Parsed): Fault | undefined {
  const set = rows.find(({ kind, is_live: isLive }) => kind === 'set' && isLive)
  const others = rows.filter(({ kind }) => kind !== 'set')
  const strange = others.filter(({ kind, key, definition, is_live: isLive }) => {
    const served = definitionIn(body, kind, key)
    return isLive ? served === undefined || !isSameJson(definition, served) : served !== undefined
  })
  const names = [
    ...strange.map(({ kind, key }) => `the ${wordOf(kind)} ${key}`),
    ...(isSameJson(set?.definition ?? {}, body.metadata) ? [] : ['the metadata of the set']),
  ]
  if (names.length === 0) return undefined
  const more = names.length > KEYS_SAID ? [`${names.length - KEYS_SAID} more`] : []
  const said = [...names.slice(0, KEYS_SAID), ...more].join(', ')
  return {
    fault: 'wiped',
    sentence: `The tables say something else than what is served of ${said}: no change did that.`,
  }
}

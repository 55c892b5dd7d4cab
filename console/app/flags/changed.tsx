import type { FlagRow, Who } from '../api/wire/flags.ts'
import { StateMark } from '../ui/state-mark.tsx'
import { Ago } from '../ui/time.tsx'
import { NameCell } from '../ui/name-cell.tsx'

/** When, and by whom. */
export function Changed({ of: { changed_at, changed_by } }: { of: Pick<FlagRow, 'changed_at' | 'changed_by'> }) {
  if (changed_at === '') return <StateMark state="unknown">Not known</StateMark>
  return <NameCell name={<Ago at={changed_at} />}>by {sayWho(changed_by)}</NameCell>
}

const others: Record<string, string> = { holdfast: 'Holdfast', 'command-line': 'the command line' }

export function sayWho({ id, label }: Who): string {
  return label ?? others[id] ?? id
}

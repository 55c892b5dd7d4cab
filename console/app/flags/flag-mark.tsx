import type { FlagRow } from '../api/wire/flags.ts'
import { PlainMark } from '../ui/plain-mark.tsx'
import { StateMark } from '../ui/state-mark.tsx'

interface FlagMarkProps {
  flag: Pick<FlagRow, 'is_enabled' | 'archived_at'>
  isOld?: boolean
}

/** On, off or archived. Off is what somebody wanted, and so no fault: it has a ring, and not a red square. */
export function FlagMark({ flag: { is_enabled, archived_at }, isOld = false }: FlagMarkProps) {
  if (archived_at) return <PlainMark>Archived</PlainMark>
  if (isOld) return <StateMark state="unknown">{is_enabled ? 'Was on' : 'Was off'}</StateMark>
  return is_enabled ? <StateMark state="ok">On</StateMark> : <PlainMark>Off</PlainMark>
}

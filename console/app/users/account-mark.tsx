import type { User, UserState } from '../api/wire.ts'
import { Explained } from '../ui/plain-mark.tsx'
import { type State, StateMark } from '../ui/state-mark.tsx'
import { Ago } from '../ui/time.tsx'

const words: Record<UserState, string> = { active: 'Active', blocked: 'Blocked', deleting: 'Being deleted' }
const marks: Record<UserState, State> = { active: 'ok', blocked: 'failing', deleting: 'degraded' }

/** Whether somebody may sign in, as far as anybody can know now. */
export function AccountMark({ user: { state, deletes_at }, isOld }: { user: User; isOld: boolean }) {
  if (isOld) return <StateMark state="unknown">Not known, was {words[state].toLowerCase()}</StateMark>
  const mark = <StateMark state={marks[state]}>{words[state]}</StateMark>
  return deletes_at ? (
    <Explained mark={mark}>
      Gone <Ago at={deletes_at} />
    </Explained>
  ) : (
    mark
  )
}

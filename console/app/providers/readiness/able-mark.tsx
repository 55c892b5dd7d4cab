import type { Able } from '../../api/wire/fail-over.ts'
import { type State, StateMark } from '../../ui/state-mark.tsx'

const marks: Record<Able, readonly [State, string]> = {
  passkey: ['ok', 'By passkey'],
  provider: ['ok', 'Through another provider'],
  email: ['degraded', 'By e-mail only'],
  unknown: ['unknown', 'Not known yet'],
  no: ['failing', 'Not at all'],
}

/** How somebody could sign in; what this console does not know is unknown, not good. */
export function AbleMark({ able }: { able: Able }) {
  const [state, word] = marks[able] ?? (['unknown', able] as const)
  return <StateMark state={state}>{word}</StateMark>
}

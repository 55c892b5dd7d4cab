import type { Token } from '../api/wire/tokens.ts'
import { PlainMark } from '../ui/plain-mark.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { sayState } from './token-state.ts'

/** Only a live token is a matter of health; the others are over. */
export function TokenMark({ token }: { token: Pick<Token, 'state'> }) {
  return token.state === 'live' ? (
    <StateMark state="ok">{sayState(token)}</StateMark>
  ) : (
    <PlainMark>{sayState(token)}</PlainMark>
  )
}

import type { SigningKeyState } from '../api/wire.ts'
import { Explained, PlainMark } from '../ui/plain-mark.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { meanings } from './key-state.ts'

/** The state of a key and what it means. Only the active one is a matter of health; the others are stages of a life. */
export function KeyState({ state, isOld }: { state: SigningKeyState; isOld: boolean }) {
  return <Explained mark={<Stage state={state} isOld={isOld} />}>{meanings[state].meaning}</Explained>
}

function Stage({ state, isOld }: { state: SigningKeyState; isOld: boolean }) {
  const { name } = meanings[state]
  if (isOld) return <StateMark state="unknown">Not known, was {name.toLowerCase()}</StateMark>
  return state === 'active' ? <StateMark state="ok">{name}</StateMark> : <PlainMark>{name}</PlainMark>
}

import type { SigningKeyState } from '../api/wire.ts'
import { StateMark } from '../ui/state-mark.tsx'
import { meanings } from './key-state.ts'
import classes from './key-state-cell.module.css'

/** The state of a key and what it means. Only the active one is a matter of health; the others are stages of a life. */
export function KeyState({ state, isOld }: { state: SigningKeyState; isOld: boolean }) {
  const { name, meaning } = meanings[state]
  return (
    <span className={classes.state}>
      <Word state={state} isOld={isOld} name={name} />
      <span className={classes.meaning}>{meaning}</span>
    </span>
  )
}

function Word({ state, isOld, name }: { state: SigningKeyState; isOld: boolean; name: string }) {
  if (isOld) return <StateMark state="unknown">Not known, was {name.toLowerCase()}</StateMark>
  if (state === 'active') return <StateMark state="ok">{name}</StateMark>
  return <span className={classes.word}>{name}</span>
}

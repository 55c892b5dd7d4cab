import type { SessionRow } from '../api/wire.ts'
import { useClock } from '../ui/clock.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { Ago } from '../ui/time.tsx'
import classes from './session-mark.module.css'
import { stateOf } from './session-state.ts'

/** Live, ended and why, or not known. */
export function SessionMark({ session, isOld }: { session: SessionRow; isOld: boolean }) {
  const { serverNowMs } = useClock()
  const state = stateOf(session, { nowMs: serverNowMs, isOld })
  if (state.is === 'live') return <StateMark state="ok">Live</StateMark>
  if (state.is === 'unknown') return <StateMark state="unknown">Not known, was live</StateMark>
  return (
    <span className={classes.ended}>
      <span className={classes.word}>
        <svg className={classes.ring} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
          <circle cx="6" cy="6" r="4.4" fill="none" stroke="currentColor" strokeWidth="1.2" />
        </svg>
        Ended <Ago at={state.at} />
      </span>
      <span className={classes.reason}>
        {state.reason}
        {state.by && ` By ${state.by}.`}
      </span>
    </span>
  )
}

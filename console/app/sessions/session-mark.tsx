import type { SessionRow } from '../api/wire.ts'
import { useClock } from '../ui/clock.tsx'
import { Explained, PlainMark } from '../ui/plain-mark.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { Ago } from '../ui/time.tsx'
import { stateOf } from './session-state.ts'

/** Live, ended and why, or not known. */
export function SessionMark({ session, isOld }: { session: SessionRow; isOld: boolean }) {
  const { serverNowMs } = useClock()
  const state = stateOf(session, { nowMs: serverNowMs, isOld })
  if (state.is === 'live') return <StateMark state="ok">Live</StateMark>
  if (state.is === 'unknown') return <StateMark state="unknown">Not known, was live</StateMark>
  const ended = (
    <PlainMark>
      Ended <Ago at={state.at} />
    </PlainMark>
  )
  return <Explained mark={ended}>{state.reason}</Explained>
}

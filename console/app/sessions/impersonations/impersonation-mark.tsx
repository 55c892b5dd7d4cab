import type { Impersonation } from '../../api/wire/sessions.ts'
import { Explained, PlainMark } from '../../ui/plain-mark.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Ago } from '../../ui/time.tsx'

/** Under way is no fault, but somebody should know: it is drawn as what has to be looked at. */
export function ImpersonationMark({ row, isOld }: { row: Impersonation; isOld: boolean }) {
  const { state, ends_at, ended_at, staff, ended_by } = row
  if (state === 'lapsed')
    return <Explained mark={<PlainMark>Never begun</PlainMark>}>The link was not followed.</Explained>
  if (state === 'ended') {
    const mark = <PlainMark>Ended {(ended_at ?? ends_at) && <Ago at={(ended_at ?? ends_at) as string} />}</PlainMark>
    return <Explained mark={mark}>{sayWhoEnded(ended_by, staff.id)}</Explained>
  }
  if (isOld) return <StateMark state="unknown">Not known, was {state === 'live' ? 'under way' : 'waiting'}</StateMark>
  if (state === 'waiting')
    return <Explained mark={<PlainMark>Waiting</PlainMark>}>for its link to be followed</Explained>
  return (
    <Explained mark={<StateMark state="degraded">Under way</StateMark>}>
      {ends_at && (
        <>
          over <Ago at={ends_at} />
        </>
      )}
    </Explained>
  )
}

function sayWhoEnded(endedBy: string | null, staffId: string): string {
  if (endedBy === staffId) return 'by themselves'
  return endedBy?.startsWith('usr_') ? 'by a colleague' : 'as its time was over'
}

import type { Invitation } from '../api/wire/organizations.ts'
import { PlainMark } from '../ui/plain-mark.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { Ago, Moment } from '../ui/time.tsx'

/** Where an invitation stands, and since or until when. */
export function InvitationMark({ invitation }: { invitation: Invitation }) {
  const { state, expires_at, accepted_at } = invitation
  if (state === 'accepted') {
    return <StateMark state="ok">Accepted {accepted_at && <Moment at={accepted_at} />}</StateMark>
  }
  if (state === 'open') {
    return (
      <PlainMark>
        Open, expires <Ago at={expires_at} />
      </PlainMark>
    )
  }
  if (state === 'expired') {
    return (
      <PlainMark>
        Expired <Ago at={expires_at} />
      </PlainMark>
    )
  }
  return <PlainMark>Revoked</PlainMark>
}

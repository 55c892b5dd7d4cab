import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import type { StaffMember } from '../api/wire/installation.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api } from '../paths.ts'
import { signedInQuery } from '../reading/signed-in.ts'
import { sayPerson } from './staff-role.ts'

/** Closes the console to somebody. Their account, and whatever else they use, stays. */
export function AskToRemove({ member: { user }, onClose }: { member: StaffMember; onClose: () => void }) {
  const self = useQuery(signedInQuery).data?.session.user.id
  return (
    <AskDeed
      isOpen
      onClose={onClose}
      title={`Remove ${sayPerson(user)} from staff?`}
      yes="Remove from staff"
      isDestructive
      deed={(idempotencyKey) => call({ path: api.staffMember(user.id), method: 'DELETE', idempotencyKey })}
      said={() => ({
        title: `${sayPerson(user)} is no longer staff`,
        message: 'Their sessions in the console have ended.',
      })}
    >
      <p>
        <strong>{sayPerson(user)}</strong> can no longer open this console, their sessions in it end, and their printed
        codes stop working. Their own account is not touched. You can add them again.
      </p>
      {user.id === self && <p>This is you: you leave this console now, and somebody else has to let you in again.</p>}
    </AskDeed>
  )
}

import { call } from '../api/call.ts'
import type { Membership } from '../api/wire/organizations.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api } from '../paths.ts'
import { sayUser } from '../users/say-user.ts'

interface RemoveMemberProps {
  membership: Membership
  onClose: () => void
}

export function RemoveMember({ membership: { id, user, organization }, onClose }: RemoveMemberProps) {
  const who = sayUser(user)
  return (
    <AskDeed
      isOpen
      title={`Remove ${who} from ${organization.name}?`}
      yes="Remove member"
      isDestructive
      deed={(idempotencyKey) => call({ path: api.membership(id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: `${who} is no longer in ${organization.name}`, message: 'Their account is not touched.' })}
      onClose={onClose}
    >
      <p>
        <strong>{who}</strong> can no longer act for {organization.name}. They stay signed in: their sessions go on
        without it, at once here and within five minutes in your applications. You can add them again.
      </p>
    </AskDeed>
  )
}

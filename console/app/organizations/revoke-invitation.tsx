import { call } from '../api/call.ts'
import type { Invitation } from '../api/wire/organizations.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api } from '../paths.ts'

interface RevokeInvitationProps {
  invitation: Invitation
  onClose: () => void
}

export function RevokeInvitation({ invitation: { id, email, organization }, onClose }: RevokeInvitationProps) {
  return (
    <AskDeed
      isOpen
      title={`Revoke the invitation of ${email}?`}
      yes="Revoke invitation"
      isDestructive
      deed={(idempotencyKey) => call<Invitation>({ path: api.invitation(id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: `The invitation of ${email} is revoked`, message: 'Its link no longer works.' })}
      onClose={onClose}
    >
      <p>
        The link in the mail to <strong>{email}</strong> stops working at once, and says so to whoever opens it. You can
        invite them to {organization.name} again.
      </p>
    </AskDeed>
  )
}

import { call } from '../api/call.ts'
import type { Invitation } from '../api/wire/organizations.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api } from '../paths.ts'

interface SendInvitationAgainProps {
  invitation: Invitation
  onClose: () => void
}

export function SendInvitationAgain({ invitation: { id, email }, onClose }: SendInvitationAgainProps) {
  return (
    <AskDeed
      isOpen
      title={`Send the invitation to ${email} again?`}
      yes="Send again"
      deed={(idempotencyKey) =>
        call<Invitation>({ path: api.invitationDeliveries(id), method: 'POST', body: {}, idempotencyKey })
      }
      said={() => ({ title: `The mail to ${email} is on its way`, message: 'With the same link as before.' })}
      again="Trying again is safe: at worst the same link arrives twice."
      onClose={onClose}
    >
      <p>
        <strong>{email}</strong> gets the mail once more, with the same link. The one that is already out stays good.
      </p>
    </AskDeed>
  )
}

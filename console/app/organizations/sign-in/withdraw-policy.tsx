import { call } from '../../api/call.ts'
import type { Organization } from '../../api/wire/organizations.ts'
import { AskDeed } from '../../form/ask-deed.tsx'
import { api } from '../../paths.ts'

export function WithdrawPolicy({
  organization: { id, name },
  onClose,
}: {
  organization: Organization
  onClose: () => void
}) {
  return (
    <AskDeed
      isOpen
      title="Withdraw the waiting policy?"
      yes="Withdraw it"
      deed={(idempotencyKey) => call({ path: api.signInPolicyWaiting(id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: 'The waiting policy is withdrawn', message: 'The one in force stays.' })}
      onClose={onClose}
    >
      <p>
        The policy of <strong>{name}</strong> that is in force stays as it is. Whoever wants the looser one asks for it
        again, and waits again.
      </p>
    </AskDeed>
  )
}

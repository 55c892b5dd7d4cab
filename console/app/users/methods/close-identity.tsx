import { Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { call } from '../../api/call.ts'
import type { LinkedIdentity } from '../../api/wire/fail-over.ts'
import type { User } from '../../api/wire.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { sayUser } from '../say-user.ts'
import { useReasonNotToChange } from './use-reason-not-to-change.ts'

const REASON_MAX = 500
const initial = { reason: '' }

interface AboutProps {
  user: User
  identity: LinkedIdentity
  onClose: () => void
}

const nameOf = ({ provider }: LinkedIdentity) => provider.name ?? 'the provider'

/** Somebody who was let go at the customer, while the provider that would say so is down. */
export function CloseIdentity({ user, identity, onClose }: AboutProps) {
  return (
    <WithReason
      user={user}
      title="Close the fall-back?"
      purpose={
        <>
          <strong>{sayUser(user)}</strong> can sign in only through {nameOf(identity)} itself from now on, also while it
          is down: by no passkey and by no mail. That holds until it is reopened here.
        </>
      }
      yes="Close the fall-back"
      path={api.linkedIdentityClose(user.id, identity.id)}
      done={{ title: 'The fall-back is closed', message: `${sayUser(user)} needs ${nameOf(identity)} itself.` }}
      onClose={onClose}
    />
  )
}

export function ReopenIdentity({ user, identity, onClose }: AboutProps) {
  return (
    <WithReason
      user={user}
      title="Reopen the fall-back?"
      purpose={
        <>
          When {nameOf(identity)} is down, <strong>{sayUser(user)}</strong> may go on by a passkey or a code again, as
          far as the policy allows. Be sure that they are still with the customer.
        </>
      }
      yes="Reopen the fall-back"
      path={api.linkedIdentityReopen(user.id, identity.id)}
      done={{ title: 'The fall-back is open again', message: 'As far as the policy of the organisation allows.' }}
      onClose={onClose}
    />
  )
}

interface WithReasonProps {
  user: User
  title: string
  purpose: React.ReactNode
  yes: string
  path: string
  done: { title: string; message: string }
  onClose: () => void
}

function WithReason({ user, title, purpose, yes, path, done, onClose }: WithReasonProps) {
  const mayNot = useReasonNotToChange(user)
  const form = useForm<typeof initial, unknown>({
    initial,
    check: ({ reason }) => (reason.trim() ? {} : { reason: 'Say why: it stands in the audit.' }),
    send: ({ reason }, idempotencyKey) =>
      call({ path, method: 'POST', body: { reason: reason.trim() }, idempotencyKey }),
    onDone: () => {
      onClose()
      notifications.show(done)
    },
  })
  return (
    <FormDialog isOpen title={title} purpose={purpose} yes={yes} form={form} reason={mayNot} onClose={onClose}>
      <Textarea
        size="xs"
        label="Reason"
        placeholder="Their administrator asked for it by telephone, ticket 4711"
        autosize
        minRows={2}
        maxLength={REASON_MAX}
        data-autofocus
        {...form.field('reason')}
      />
    </FormDialog>
  )
}

import { TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { call } from '../api/call.ts'
import type { User } from '../api/wire.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api } from '../paths.ts'
import { useClock } from '../ui/clock.tsx'
import { sayMoment } from '../ui/moment.ts'
import { isAddress } from './is-address.ts'
import { sayUser } from './say-user.ts'

const initial = { email: '' }

/** Begins a change of address. It is done by whoever opens the mailbox, not by us. */
export function ChangeEmail({ user, reason, onClose }: { user: User; reason: string | null; onClose: () => void }) {
  const { serverNowMs } = useClock()
  const form = useForm<typeof initial, { id: string; expires_at: string }>({
    initial,
    check: ({ email }) => (isAddress(email) ? {} : { email: 'Write a whole address, such as ana@acme.example.' }),
    send: ({ email }, idempotencyKey) =>
      call({ path: api.userEmailChanges(user.id), method: 'POST', body: { email: email.trim() }, idempotencyKey }),
    refusals: { 'identity.email_taken': 'email', 'identity.bad_email': 'email', 'identity.same_email': 'email' },
    onDone: ({ expires_at }, { email }) => {
      onClose()
      notifications.show({
        title: `A link was sent to ${email.trim()}`,
        message: `The address changes when it is opened, until ${sayMoment(Date.parse(expires_at), serverNowMs)}.`,
      })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Change the e-mail of ${sayUser(user)}`}
      yes="Send the link"
      form={form}
      reason={reason}
      onClose={onClose}
    >
      <TextInput
        label="New e-mail"
        type="email"
        placeholder="ana@acme.example"
        autoComplete="off"
        data-autofocus
        {...form.field('email')}
      />
      <div>
        Nothing changes yet. What follows:
        <ol style={{ margin: '4px 0 0', paddingInlineStart: 20 }}>
          <li>The new address gets a link. It proves that the mailbox is theirs.</li>
          <li>{user.email ?? 'The old address'} is told, and can refuse or take it back.</li>
          <li>When the link is opened, the address changes and every session ends.</li>
        </ol>
      </div>
    </FormDialog>
  )
}

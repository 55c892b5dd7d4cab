import { TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { User } from '../api/wire.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api, to } from '../paths.ts'
import { isAddress } from './is-address.ts'

const initial = { email: '', name: '' }

/** An account before its first sign-in: for whoever is invited by other means, or to hold metadata. */
export function MakeUser({ reason, onClose }: { reason: string | null; onClose: () => void }) {
  const navigate = useNavigate()
  const form = useForm<typeof initial, User>({
    initial,
    check: ({ email }) => (isAddress(email) ? {} : { email: 'Write a whole address, such as ana@acme.example.' }),
    send: ({ email, name }, idempotencyKey) =>
      call({
        path: api.users({}),
        method: 'POST',
        body: { email: email.trim(), ...(name.trim() && { name: name.trim() }) },
        idempotencyKey,
      }),
    refusals: { 'identity.email_taken': 'email', 'identity.bad_email': 'email' },
    onDone: ({ id, email }) => {
      notifications.show({ title: `${email} has an account`, message: 'No mail was sent. They sign in by a code.' })
      void navigate(to.user(id))
    },
  })
  return (
    <FormDialog
      isOpen
      title="Make a user"
      purpose="They can sign in at once, with a code sent to this address. No mail is sent now."
      yes="Make user"
      form={form}
      reason={reason}
      onClose={onClose}
    >
      <TextInput
        label="E-mail"
        type="email"
        placeholder="ana@acme.example"
        autoComplete="off"
        data-autofocus
        {...form.field('email')}
      />
      <TextInput
        label="Name"
        description="As they write it. Can be left empty."
        autoComplete="off"
        {...form.field('name')}
      />
    </FormDialog>
  )
}

import { PasswordInput, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { call } from '../../api/call.ts'
import type { Provider } from '../../api/wire/providers.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { NeedsFreshSignIn } from '../../tokens/fresh-sign-in.tsx'
import { endOf } from '../provider-fields.ts'
import { TEST_DEADLINE_MS } from '../test-deadline.ts'

const initial = { client_secret: '', client_secret_expires_at: '' }

/** Written and never read: what is kept of it is sealed. */
export function ReplaceSecret({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const reason = useReasonNotTo('providers:write')
  const form = useForm<typeof initial, Provider>({
    initial,
    check: ({ client_secret }) =>
      client_secret === '' ? { client_secret: 'Write the new secret, as the provider shows it.' } : {},
    send: ({ client_secret, client_secret_expires_at }, idempotencyKey) =>
      call({
        path: api.provider(provider.id),
        method: 'PATCH',
        body: { client_secret, client_secret_expires_at: endOf(client_secret_expires_at) },
        deadlineMs: TEST_DEADLINE_MS,
        idempotencyKey,
      }),
    onDone: ({ name, is_enabled }) => {
      onClose()
      const message = is_enabled ? 'It was tested with it, and works.' : 'Test it before you enable it.'
      notifications.show({ title: `The secret of ${name} is replaced`, message })
    },
  })
  return (
    <FormDialog
      isOpen
      title="Replace the client secret"
      purpose={
        <>
          Make a second secret at <strong>{provider.name}</strong>, write it here, and only then take the old one away
          there. While people are sent to it, it is tested first, and the old one stays if that fails. It is kept sealed
          and never shown again.
        </>
      }
      yes="Replace secret"
      form={form}
      reason={reason}
      onClose={onClose}
    >
      <NeedsFreshSignIn />
      <PasswordInput
        size="xs"
        label="New client secret"
        autoComplete="new-password"
        spellCheck={false}
        data-autofocus
        {...form.field('client_secret')}
      />
      <TextInput
        type="date"
        label="It ends on"
        description="You are warned a month before. Empty: not known."
        {...form.field('client_secret_expires_at')}
      />
    </FormDialog>
  )
}

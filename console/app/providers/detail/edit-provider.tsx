import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { Provider } from '../../api/wire/providers.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { NeedsFreshSignIn } from '../../tokens/fresh-sign-in.tsx'
import { changesOf, type ProviderValues, refusedAt, valuesOf, wrongIn } from '../provider-fields.ts'
import { ProviderFields } from '../provider-form.tsx'
import { TEST_DEADLINE_MS } from '../test-deadline.ts'

/** What the form began with stays: what is read meanwhile must not look like a change. */
export function EditProvider({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const reason = useReasonNotTo('providers:write')
  const [before] = useState(() => valuesOf(provider))
  const form = useForm<ProviderValues, Provider>({
    initial: before,
    check: (values) => wrongIn(values),
    send: (values, idempotencyKey) =>
      call({
        path: api.provider(provider.id),
        method: 'PATCH',
        body: changesOf(before, values),
        deadlineMs: TEST_DEADLINE_MS,
        idempotencyKey,
      }),
    refusals: refusedAt,
    onDone: ({ name, tested_at }) => {
      onClose()
      const message = tested_at
        ? 'Whoever was on the way there begins again.'
        : 'Test it again before you enable it: it is not tested with these settings.'
      notifications.show({ title: `${name} is changed`, message })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Edit ${provider.name}`}
      purpose={
        provider.is_enabled &&
        'People are sent to it: another client or secret is tested first, and nothing is changed if that fails.'
      }
      yes="Save"
      form={form}
      reason={reason ?? (form.isChanged ? null : 'Nothing is changed yet.')}
      size={600}
      onClose={onClose}
    >
      <NeedsFreshSignIn />
      <ProviderFields form={form} callbackUrl={provider.callback_url} isThere />
    </FormDialog>
  )
}

import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { Provider } from '../api/wire/providers.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api, to } from '../paths.ts'
import { NeedsFreshSignIn } from '../tokens/fresh-sign-in.tsx'
import { ProviderFields } from './provider-form.tsx'
import { bodyOf, type ProviderValues, refusedAt, valuesOf, wrongInNew } from './provider-fields.ts'

/** It is kept, and not yet offered to anybody: it has to be tested first. */
export function MakeProvider({ reason, onClose }: { reason: string | null; onClose: () => void }) {
  const navigate = useNavigate()
  const form = useForm<ProviderValues, Provider>({
    initial: valuesOf(null),
    check: wrongInNew,
    send: (values, idempotencyKey) =>
      call({ path: api.providers(), method: 'POST', body: bodyOf(values), idempotencyKey }),
    refusals: refusedAt,
    onDone: ({ id, name }) => {
      notifications.show({
        title: `${name} is kept`,
        message: 'Nobody sees it yet. Register its callback address over there, then test it.',
      })
      void navigate({ ...to.provider(id, { ask: 'test' }), replace: true })
    },
  })
  return (
    <FormDialog
      isOpen
      title="Add a provider"
      purpose="Make a client for Holdfast at the provider first: a web application with the authorisation code flow. The callback address to register there is its own, and is shown once it is kept. Nobody is offered it before you have tested and enabled it."
      yes="Add provider"
      form={form}
      reason={reason}
      size={600}
      onClose={onClose}
    >
      <NeedsFreshSignIn />
      <ProviderFields form={form} callbackUrl={null} />
    </FormDialog>
  )
}

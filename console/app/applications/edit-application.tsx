import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Application } from '../api/wire/applications.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api } from '../paths.ts'
import { ApplicationFields, type ApplicationValues, bodyOf, refusedAt, wrongIn } from './application-fields.tsx'

interface EditApplicationProps {
  application: Application
  reason: string | null
  onClose: () => void
}

/** What the form began with stays: what is read meanwhile must not look like a change. */
export function EditApplication({ application, reason, onClose }: EditApplicationProps) {
  const [before] = useState((): ApplicationValues => {
    const { name, origins, on_unknown } = application
    return { name, origins: origins.length === 0 ? [''] : origins, on_unknown }
  })
  const form = useForm<ApplicationValues, Application>({
    initial: before,
    check: wrongIn,
    send: (values, idempotencyKey) =>
      call({
        path: api.application(application.id),
        method: 'PATCH',
        body: changesOf(before, values),
        idempotencyKey,
      }),
    refusals: refusedAt,
    onDone: ({ name }) => {
      onClose()
      notifications.show({ title: `${name} is changed`, message: 'Its SDK hears of it within seconds.' })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Edit ${application.name}`}
      yes="Save"
      form={form}
      reason={reason ?? (form.isChanged ? null : 'Nothing is changed yet.')}
      size={560}
      onClose={onClose}
    >
      <ApplicationFields form={form} />
    </FormDialog>
  )
}

/** What was not touched is not sent: others may have changed it meanwhile. */
function changesOf(before: ApplicationValues, values: ApplicationValues) {
  const was = Object.entries(bodyOf(before)).map(([name, value]) => [name, JSON.stringify(value)])
  const then = Object.fromEntries(was)
  return Object.fromEntries(
    Object.entries(bodyOf(values)).filter(([name, value]) => JSON.stringify(value) !== then[name]),
  )
}

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { ApplicationWithKey } from '../api/wire/applications.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api, to } from '../paths.ts'
import { ApplicationFields, type ApplicationValues, bodyOf, refusedAt, wrongIn } from './application-fields.tsx'
import { KeyOnce } from './key-once.tsx'
import { onUnknownDefault } from './on-unknown-field.tsx'

const initial: ApplicationValues = { name: '', origins: [''], on_unknown: onUnknownDefault }

/** A product of the reader's. Its key is shown once, with the lines that use it. */
export function MakeApplication({ reason, onClose }: { reason: string | null; onClose: () => void }) {
  const navigate = useNavigate()
  const [made, setMade] = useState<ApplicationWithKey | null>(null)
  const form = useForm<ApplicationValues, ApplicationWithKey>({
    initial,
    check: wrongIn,
    send: (values, idempotencyKey) =>
      call({ path: api.applications(), method: 'POST', body: bodyOf(values), idempotencyKey }),
    refusals: refusedAt,
    onDone: setMade,
  })
  if (made) {
    return (
      <KeyOnce made={made} onStored={() => void navigate({ ...to.application(made.application.id), replace: true })} />
    )
  }
  return (
    <FormDialog
      isOpen
      title="Make an application"
      purpose="A product of yours that lets people sign in here. It gets a key for its server."
      yes="Make application"
      form={form}
      reason={reason}
      size={560}
      onClose={onClose}
    >
      <ApplicationFields form={form} />
    </FormDialog>
  )
}

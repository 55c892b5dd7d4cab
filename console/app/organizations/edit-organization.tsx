import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Organization } from '../api/wire/organizations.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api } from '../paths.ts'
import {
  changesOf,
  OrganizationFields,
  type OrganizationValues,
  refusedAt,
  valuesOf,
  wrongIn,
} from './organization-fields.tsx'

interface EditOrganizationProps {
  organization: Organization
  reason: string | null
  onClose: () => void
}

/** Name, short name and metadata. What the form began with stays: what is read meanwhile must not look like a change. */
export function EditOrganization({ organization, reason, onClose }: EditOrganizationProps) {
  const [before] = useState(() => valuesOf(organization))
  const form = useForm<OrganizationValues, Organization>({
    initial: before,
    check: wrongIn,
    send: (values, idempotencyKey) =>
      call({
        path: api.organization(organization.id),
        method: 'PATCH',
        body: changesOf(before, values),
        idempotencyKey,
      }),
    refusals: refusedAt,
    onDone: ({ name }) => {
      onClose()
      notifications.show({ title: `${name} is changed`, message: 'Applications see it at their next question.' })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Edit ${organization.name}`}
      yes="Save"
      form={form}
      reason={reason ?? (form.isChanged ? null : 'Nothing is changed yet.')}
      onClose={onClose}
    >
      <OrganizationFields form={form} />
    </FormDialog>
  )
}

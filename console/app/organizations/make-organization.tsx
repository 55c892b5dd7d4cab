import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { Organization } from '../api/wire/organizations.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api, to } from '../paths.ts'
import {
  changesOf,
  OrganizationFields,
  type OrganizationValues,
  refusedAt,
  valuesOf,
  wrongIn,
} from './organization-fields.tsx'

/** A customer of the product. It begins without anybody in it. */
export function MakeOrganization({ reason, onClose }: { reason: string | null; onClose: () => void }) {
  const navigate = useNavigate()
  const form = useForm<OrganizationValues, Organization>({
    initial: valuesOf(null),
    check: wrongIn,
    send: (values, idempotencyKey) =>
      call({ path: api.organizations(), method: 'POST', body: changesOf(valuesOf(null), values), idempotencyKey }),
    refusals: refusedAt,
    onDone: ({ id, name }) => {
      notifications.show({ title: `${name} is made`, message: 'Nobody is in it yet: invite its first owner.' })
      void navigate(to.organization(id, { part: 'invitations' }))
    },
  })
  return (
    <FormDialog
      isOpen
      title="Make an organisation"
      purpose="A customer of your product. Next you invite its first owner."
      yes="Make organisation"
      form={form}
      reason={reason}
      onClose={onClose}
    >
      <OrganizationFields form={form} isNew />
    </FormDialog>
  )
}

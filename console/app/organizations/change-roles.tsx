import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Membership } from '../api/wire/organizations.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api } from '../paths.ts'
import { sayUser } from '../users/say-user.ts'
import { rolesComplaint } from './roles.ts'
import { RolesField } from './roles-field.tsx'

interface ChangeRolesProps {
  membership: Membership
  reason: string | null
  onClose: () => void
}

/** Nobody is signed out by it: live sessions follow, and what is already out is five minutes old at most. */
export function ChangeRoles({ membership: { id, user, roles, organization }, reason, onClose }: ChangeRolesProps) {
  const [before] = useState({ roles })
  const form = useForm<{ roles: string[] }, Membership>({
    initial: before,
    check: (values) => {
      const complaint = rolesComplaint(values.roles)
      return complaint ? { roles: complaint } : {}
    },
    send: (values, idempotencyKey) => call({ path: api.membership(id), method: 'PATCH', body: values, idempotencyKey }),
    refusals: { 'tenants.last_owner': 'roles', 'tenants.bad_roles': 'roles' },
    onDone: () => {
      onClose()
      notifications.show({
        title: `Roles of ${sayUser(user)} changed`,
        message: 'Applications see them within five minutes.',
      })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Change roles of ${sayUser(user)}`}
      purpose={`What they are in ${organization.name}. Nobody is signed out by this.`}
      yes="Change roles"
      form={form}
      reason={reason ?? (form.isChanged ? null : 'Nothing is changed yet.')}
      onClose={onClose}
    >
      <RolesField
        isFirst
        value={form.values.roles}
        error={form.errorOf('roles')}
        onChange={(chosen) => form.set('roles', chosen)}
      />
    </FormDialog>
  )
}

import { Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import type { Application } from '../api/wire/applications.ts'
import type { Invitation, Organization } from '../api/wire/organizations.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { listQuery } from '../list/list-query.ts'
import { api } from '../paths.ts'
import { isAddress } from '../users/is-address.ts'
import { rolesComplaint } from './roles.ts'
import { RolesField } from './roles-field.tsx'

interface InviteProps {
  organization: Organization
  reason: string | null
  onClose: () => void
}

interface Values {
  email: string
  roles: string[]
  application_id: string | null
  expires_in_days: string
}

const DAYS = ['1', '7', '30']
const applicationsQuery = listQuery<Application>('applications', api.applications, {})

/** A mail with a link. Whoever has no account yet gets one by signing in for it. */
export function Invite({ organization, reason, onClose }: InviteProps) {
  const applications = useQuery(applicationsQuery).data?.data ?? []
  const form = useForm<Values, Invitation>({
    initial: { email: '', roles: ['member'], application_id: null, expires_in_days: '7' },
    check: ({ email, roles }) => {
      const complaint = rolesComplaint(roles)
      return {
        ...(!isAddress(email) && { email: 'Write a whole address, such as ben@acme.example.' }),
        ...(complaint && { roles: complaint }),
      }
    },
    send: ({ email, roles, application_id, expires_in_days }, idempotencyKey) =>
      call({
        path: api.invitations(),
        method: 'POST',
        body: {
          organization_id: organization.id,
          email: email.trim(),
          roles,
          ...(application_id && { application_id }),
          expires_in_days: Number(expires_in_days),
        },
        idempotencyKey,
      }),
    refusals: {
      'identity.bad_email': 'email',
      'identity.already_member': 'email',
      'identity.bad_roles': 'roles',
      'identity.no_application': 'application_id',
    },
    onDone: ({ email }) => {
      onClose()
      notifications.show({ title: `${email} is invited`, message: 'The mail is on its way.' })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Invite somebody to ${organization.name}`}
      purpose="They get a mail with a link. An older invitation of the same address is void."
      yes="Send invitation"
      form={form}
      reason={reason}
      onClose={onClose}
    >
      <TextInput
        label="E-mail"
        type="email"
        placeholder="ben@acme.example"
        autoComplete="off"
        data-autofocus
        {...form.field('email')}
      />
      <RolesField
        value={form.values.roles}
        error={form.errorOf('roles')}
        onChange={(roles) => form.set('roles', roles)}
      />
      <Select
        label="In the name of"
        description="Whose brand the mail and the page wear."
        placeholder="This installation"
        clearable
        clearButtonProps={{ 'aria-label': 'This installation' }}
        data={applications.map(({ id, name }) => ({ value: id, label: name }))}
        value={form.values.application_id}
        error={form.errorOf('application_id')}
        onChange={(application) => form.set('application_id', application)}
      />
      <Select
        label="Good for"
        data={DAYS.map((days) => ({ value: days, label: days === '1' ? '1 day' : `${days} days` }))}
        value={form.values.expires_in_days}
        allowDeselect={false}
        onChange={(days) => form.set('expires_in_days', days ?? '7')}
      />
    </FormDialog>
  )
}

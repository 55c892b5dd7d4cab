import { notifications } from '@mantine/notifications'
import { call } from '../api/call.ts'
import type { Membership, Organization } from '../api/wire/organizations.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { PickUser } from '../list/look-up.tsx'
import { api } from '../paths.ts'
import { sayUser } from '../users/say-user.ts'
import { rolesComplaint } from './roles.ts'
import { RolesField } from './roles-field.tsx'

interface AddMemberProps {
  organization: Organization
  reason: string | null
  onClose: () => void
}

interface Values {
  userId: string | undefined
  roles: string[]
}

/** Puts somebody who has an account into an organisation, without asking them. */
export function AddMember({ organization, reason, onClose }: AddMemberProps) {
  const form = useForm<Values, Membership>({
    initial: { userId: undefined, roles: ['member'] },
    check: ({ userId, roles }) => {
      const complaint = rolesComplaint(roles)
      return {
        ...(!userId && { userId: 'Choose somebody. Whoever has no account here is invited instead.' }),
        ...(complaint && { roles: complaint }),
      }
    },
    send: ({ userId, roles }, idempotencyKey) =>
      call({
        path: api.memberships(),
        method: 'POST',
        body: { organization_id: organization.id, user_id: userId, roles },
        idempotencyKey,
      }),
    refusals: {
      'tenants.already_member': 'userId',
      'tenants.no_user': 'userId',
      'tenants.too_many_memberships': 'userId',
      'tenants.bad_roles': 'roles',
    },
    onDone: ({ user }) => {
      onClose()
      notifications.show({
        title: `${sayUser(user)} is in ${organization.name}`,
        message: 'They can choose it in the product at once.',
      })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Add a member to ${organization.name}`}
      purpose="Somebody who has an account here. They are not asked, and get no mail."
      yes="Add member"
      form={form}
      reason={reason}
      onClose={onClose}
    >
      <PickUser
        label="Who"
        placeholder="Name or e-mail"
        value={form.values.userId}
        onPick={(userId) => form.set('userId', userId)}
        error={form.errorOf('userId')}
        clearButtonProps={{ 'aria-label': 'Nobody' }}
        data-autofocus
      />
      <RolesField
        value={form.values.roles}
        error={form.errorOf('roles')}
        onChange={(roles) => form.set('roles', roles)}
      />
    </FormDialog>
  )
}

import { Radio } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { call } from '../api/call.ts'
import type { StaffMember } from '../api/wire/installation.ts'
import { type StaffRole, staffRoles } from '../api/wire/scopes.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { PickUser } from '../list/look-up.tsx'
import { api } from '../paths.ts'
import { roles, sayPerson, sayRole } from './staff-role.ts'

interface GiveRoleProps {
  /** Whose role is changed; null: somebody new is added. */
  member: StaffMember | null
  reason: string | null
  onClose: () => void
}

interface Values {
  userId: string | undefined
  role: StaffRole
}

/** Makes a person staff, or gives them another role. It takes hold at their next click. */
export function GiveRole({ member, reason, onClose }: GiveRoleProps) {
  const form = useForm<Values, StaffMember>({
    initial: { userId: member?.user.id, role: member?.role ?? 'support' },
    check: ({ userId }) => (userId ? {} : { userId: 'Choose somebody. They need to have signed in once.' }),
    send: ({ userId, role }, idempotencyKey) =>
      call({ path: api.staffMember(userId ?? ''), method: 'PUT', body: { role }, idempotencyKey }),
    onDone: ({ user, role }) => {
      onClose()
      notifications.show({ title: `${sayPerson(user)} is ${sayRole(role).toLowerCase()}`, message: 'Within seconds.' })
    },
  })
  return (
    <FormDialog
      isOpen
      title={member ? `Change the role of ${sayPerson(member.user)}` : 'Add staff'}
      yes={member ? 'Change role' : 'Add staff'}
      form={form}
      reason={reason}
      onClose={onClose}
    >
      {!member && (
        <PickUser
          label="Who"
          placeholder="Name or e-mail"
          description="Somebody who has an account here."
          value={form.values.userId}
          onPick={(userId) => form.set('userId', userId)}
          error={form.errorOf('userId')}
          clearButtonProps={{ 'aria-label': 'Nobody' }}
          data-autofocus
        />
      )}
      <Radio.Group
        label="Role"
        value={form.values.role}
        onChange={(role) => form.set('role', role as StaffRole)}
        error={form.errorOf('role')}
      >
        {staffRoles.map((role) => (
          <Radio key={role} value={role} label={roles[role].name} description={roles[role].meaning} mt={8} />
        ))}
      </Radio.Group>
    </FormDialog>
  )
}

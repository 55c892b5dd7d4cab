import { Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { call } from '../api/call.ts'
import type { User } from '../api/wire.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { api } from '../paths.ts'
import { sayCount } from '../ui/moment.ts'
import { sayUser } from './say-user.ts'

const REASON_LENGTH_MAX = 500
const initial = { reason: '' }

/** Refuses sign-in until somebody undoes it. The reason is for whoever opens this account next. */
export function BlockUser({ user, reason, onClose }: { user: User; reason: string | null; onClose: () => void }) {
  const form = useForm<typeof initial, User>({
    initial,
    check: (values) => (values.reason.trim() ? {} : { reason: 'Say why. Colleagues read it; the person does not.' }),
    send: (values, idempotencyKey) =>
      call({ path: api.userBlock(user.id), method: 'PUT', body: { reason: values.reason.trim() }, idempotencyKey }),
    onDone: (blocked) => {
      onClose()
      notifications.show({ title: `${sayUser(blocked)} is blocked`, message: 'Every session has ended.' })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Block ${sayUser(user)}?`}
      purpose={
        <>
          <strong>{sayUser(user)}</strong> is signed out everywhere within seconds (
          {sayCount(user.live_sessions, 'live session')}) and cannot sign in until you unblock the account. Nothing is
          deleted. They are told that the account is blocked, not why.
        </>
      }
      yes="Block"
      form={form}
      reason={reason}
      onClose={onClose}
    >
      <Textarea
        size="xs"
        label="Reason"
        placeholder="Sends spam from its notes; ticket 4711"
        autosize
        minRows={2}
        maxLength={REASON_LENGTH_MAX}
        data-autofocus
        {...form.field('reason')}
      />
    </FormDialog>
  )
}

export function UnblockUser({ user, onClose }: { user: User; onClose: () => void }) {
  return (
    <AskDeed
      isOpen
      title={`Unblock ${sayUser(user)}?`}
      yes="Unblock"
      deed={(idempotencyKey) => call<User>({ path: api.userBlock(user.id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: `${sayUser(user)} can sign in again`, message: 'Sessions that ended stay ended.' })}
      onClose={onClose}
    >
      <p>
        <strong>{sayUser(user)}</strong> can sign in again at once. Sessions that ended with the block stay ended.
      </p>
      {user.blocked_reason && <p>It was blocked because: {user.blocked_reason}</p>}
    </AskDeed>
  )
}

import type { User } from '../api/wire.ts'
import type { UserAsk } from '../paths.ts'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActAsUser } from './act-as-user.tsx'
import { BlockUser, UnblockUser } from './block-user.tsx'
import { ChangeEmail } from './change-email.tsx'
import { DeleteUser, UndoDeletion } from './delete-user.tsx'
import { EditUser } from './edit-user.tsx'
import { AskToEndAllSessions } from './end-all-sessions.tsx'

interface UserAsksProps {
  user: User
  ask: UserAsk | undefined
  onClose: () => void
}

/** The form or question that the address opens. One about a state that is over by now opens nothing. */
export function UserAsks({ user, ask, onClose }: UserAsksProps) {
  const mayNotWrite = useReasonNotTo('users:write')
  const mayNotAct = useReasonNotTo('users:impersonate')
  const about = { user, onClose }
  if (ask === 'edit') return <EditUser {...about} reason={mayNotWrite} />
  if (ask === 'email') return <ChangeEmail {...about} reason={mayNotWrite} />
  if (ask === 'act') return <ActAsUser {...about} reason={mayNotAct} />
  if (ask === 'end-all') return <AskToEndAllSessions {...about} isOpen />
  if (ask === 'block' && !user.blocked_at) return <BlockUser {...about} reason={mayNotWrite} />
  if (ask === 'unblock' && user.blocked_at) return <UnblockUser {...about} />
  if (ask === 'delete' && !user.deletes_at) return <DeleteUser {...about} />
  if (ask === 'undo-deletion' && user.deletes_at) return <UndoDeletion {...about} />
  return null
}

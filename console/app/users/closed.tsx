import type { User } from '../api/wire.ts'
import type { UserAsk } from '../paths.ts'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import classes from './user-panel.module.css'

/** Why somebody cannot sign in, until when that can be undone, and the button that undoes it. */
export function Closed({ user, open }: { user: User; open: (ask: UserAsk) => void }) {
  const mayNotWrite = useReasonNotTo('users:write')
  const { blocked_at, blocked_reason, deletes_at } = user
  if (!blocked_at && !deletes_at) return null
  return (
    <div className={classes.closed}>
      {deletes_at && (
        <Notice
          state="degraded"
          title="This account is being deleted"
          actions={
            <ActButton reason={mayNotWrite} variant="default" onClick={() => open('undo-deletion')}>
              Undo deletion
            </ActButton>
          }
        >
          <p>
            For good at <Time at={deletes_at} />. Until then it can be undone, and nobody can use the account.
          </p>
        </Notice>
      )}
      {blocked_at && (
        <Notice
          state="failing"
          title="This account is blocked"
          actions={
            <ActButton reason={mayNotWrite} variant="default" onClick={() => open('unblock')}>
              Unblock
            </ActButton>
          }
        >
          <p>
            Since <Time at={blocked_at} />. {blocked_reason && <>Reason: {blocked_reason}</>}
          </p>
        </Notice>
      )}
    </div>
  )
}

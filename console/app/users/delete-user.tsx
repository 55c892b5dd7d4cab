import { call } from '../api/call.ts'
import type { User } from '../api/wire.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api } from '../paths.ts'
import { useClock } from '../ui/clock.tsx'
import { sayCount, sayMoment } from '../ui/moment.ts'
import { sayUser } from './say-user.ts'

/** It can be undone for as long as the grace lasts, so no name has to be typed. */
export function DeleteUser({ user, onClose }: { user: User; onClose: () => void }) {
  const { serverNowMs } = useClock()
  return (
    <AskDeed
      isOpen
      title={`Delete the account of ${sayUser(user)}?`}
      yes="Delete account"
      isDestructive
      deed={(idempotencyKey) =>
        call<{ deletes_at: string }>({ path: api.user(user.id), method: 'DELETE', idempotencyKey })
      }
      said={({ deletes_at }) => ({
        title: `${sayUser(user)} is going to be deleted`,
        message: `For good on ${sayMoment(Date.parse(deletes_at), serverNowMs)}; until then it can be undone here.`,
      })}
      onClose={onClose}
    >
      <p>
        Now: <strong>{sayUser(user)}</strong> is signed out everywhere ({sayCount(user.live_sessions, 'live session')})
        and nobody can use the account. They get a mail that says so, and how to keep it.
      </p>
      <p>
        Until the grace is over, 30 days unless this installation is set otherwise, you can undo it here, and they can
        by signing in. The day is shown as soon as it is set.
      </p>
      <p>
        After it: profile, metadata, memberships and sessions are gone for good, and stay gone if a backup is restored.
      </p>
    </AskDeed>
  )
}

export function UndoDeletion({ user, onClose }: { user: User; onClose: () => void }) {
  return (
    <AskDeed
      isOpen
      title={`Keep the account of ${sayUser(user)}?`}
      yes="Undo deletion"
      deed={(idempotencyKey) => call<User>({ path: api.userDeletion(user.id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: `${sayUser(user)} stays`, message: 'They can sign in again at once.' })}
      onClose={onClose}
    >
      <p>
        Nothing of <strong>{sayUser(user)}</strong> is deleted, and they can sign in again at once. Sessions that ended
        stay ended. They are told by mail.
      </p>
    </AskDeed>
  )
}

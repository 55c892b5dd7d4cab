import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import type { User } from '../api/wire.ts'
import { api } from '../paths.ts'
import { useDeed } from '../reading/deed.ts'
import { DeedFailed } from '../reading/deed-failed.tsx'
import { signedInQuery } from '../reading/signed-in.ts'
import { Ask } from '../ui/ask.tsx'
import { sayCount } from '../ui/moment.ts'
import { sayUser } from './say-user.ts'

interface AskToEndAllSessionsProps {
  user: User
  isOpen: boolean
  onClose: () => void
}

/** Signs somebody out everywhere. It can be undone by signing in again, so no name has to be typed. */
export function AskToEndAllSessions({ user, isOpen, onClose }: AskToEndAllSessionsProps) {
  const self = useQuery(signedInQuery).data?.session.user.id
  const deed = useDeed(endAllSessions, ({ ended }) => {
    onClose()
    notifications.show({
      title: `${capital(sayCount(ended, 'session'))} of ${sayUser(user)} ended`,
      message: 'Applications are told within seconds.',
    })
  })
  function close() {
    deed.reset()
    onClose()
  }
  return (
    <Ask
      isOpen={isOpen}
      onClose={close}
      title={`End all sessions of ${sayUser(user)}?`}
      yes="End all sessions"
      isDestructive
      isRunning={deed.isPending}
      failure={<DeedFailed failure={deed.error} again="Trying again is safe: a session ends only once." />}
      onYes={() => deed.mutate(user.id)}
    >
      <p>
        <strong>{sayUser(user)}</strong> is signed out of every application, in every browser, within seconds:{' '}
        {sayCount(user.live_sessions, 'live session')}. They are told that an administrator ended the session, and may
        sign in again at once.
      </p>
      {user.id === self && <p>This is your own account: you are signed out of this console too.</p>}
    </Ask>
  )
}

function endAllSessions(userId: string) {
  return call<{ ended: number }>({ path: api.userSessions(userId), method: 'DELETE' })
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

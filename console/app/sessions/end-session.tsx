import { notifications } from '@mantine/notifications'
import { call } from '../api/call.ts'
import type { SessionRow } from '../api/wire.ts'
import { api } from '../paths.ts'
import { useDeed } from '../reading/deed.ts'
import { DeedFailed } from '../reading/deed-failed.tsx'
import { Ask } from '../ui/ask.tsx'
import { sayApplication, sayDevice, sayPerson, sayWhoIsTold } from './session-state.ts'

interface AskToEndSessionProps {
  session: SessionRow
  isOpen: boolean
  onClose: () => void
}

/** Ends one session of somebody else, or one's own. It can be undone by signing in again. */
export function AskToEndSession({ session, isOpen, onClose }: AskToEndSessionProps) {
  const deed = useDeed(endSession, () => {
    onClose()
    notifications.show({
      title: 'Session ended',
      message: sayWhoIsTold(session.audience),
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
      title="End this session?"
      yes="End this session"
      isDestructive
      isRunning={deed.isPending}
      failure={<DeedFailed failure={deed.error} again="Trying again is safe: a session ends only once." />}
      onYes={() => deed.mutate(session.id)}
    >
      <p>
        <strong>{sayPerson(session)}</strong> is signed out of <strong>{sayApplication(session.audience)}</strong> on{' '}
        {sayDevice(session)}. {sayWhoIsTold(session.audience)} Other sessions go on, and signing in again is possible at
        once.
      </p>
      {session.is_current && <p>This is the session you are using now: you are signed out of this console.</p>}
    </Ask>
  )
}

function endSession(id: string) {
  return call<undefined>({ path: api.oneSession(id), method: 'DELETE' })
}

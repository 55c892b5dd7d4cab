import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import type { Application } from '../api/wire/applications.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api, to } from '../paths.ts'
import { sayCountedTo } from '../ui/moment.ts'
import { SESSIONS_COUNTED_TO } from './read-applications.ts'

/** Its id is never used again, so it cannot be brought back. */
export function DeleteApplication({ application, onClose }: { application: Application; onClose: () => void }) {
  const { id, name, live_sessions } = application
  const navigate = useNavigate()
  return (
    <AskDeed
      isOpen
      title={`Delete ${name}?`}
      yes="Delete application"
      isDestructive
      typeName={name}
      deed={(idempotencyKey) => call({ path: api.application(id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: `${name} is deleted`, message: 'Its sessions end within seconds.' })}
      onDone={() => void navigate({ ...to.applications(), replace: true })}
      onClose={onClose}
    >
      <p>
        Nobody can sign in to <strong>{name}</strong> any more. Its key is refused at once, and its sessions end within
        seconds: {sayCountedTo(SESSIONS_COUNTED_TO, live_sessions)} live now. People keep their accounts and their
        sessions elsewhere.
      </p>
    </AskDeed>
  )
}

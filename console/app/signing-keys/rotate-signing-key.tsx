import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { api } from '../paths.ts'
import { useDeed } from '../reading/deed.ts'
import { DeedFailed } from '../reading/deed-failed.tsx'
import { Ask } from '../ui/ask.tsx'

interface AskToRotateProps {
  isOpen: boolean
  onClose: () => void
}

/** Lets the next key sign from now on. Nobody is signed out: the key before goes on being accepted for its time. */
export function AskToRotate({ isOpen, onClose }: AskToRotateProps) {
  // One key for one question: a retry after a lost answer is the same rotation, not a second one.
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey)
  const deed = useDeed(rotateSigningKey, () => {
    close()
    notifications.show({ title: 'Signing key rotated', message: 'New proofs are signed by the next key from now on.' })
  })
  function close() {
    deed.reset()
    setIdempotencyKey(newIdempotencyKey())
    onClose()
  }
  return (
    <Ask
      isOpen={isOpen}
      onClose={close}
      title="Rotate the signing key?"
      yes="Rotate now"
      isRunning={deed.isPending}
      failure={
        <DeedFailed
          failure={deed.error}
          again="Look at the list before you try again: a second rotation signs nobody out, but is rarely wanted."
        />
      }
      onYes={() => deed.mutate(idempotencyKey)}
    >
      <p>
        The next key begins to sign at once, and another one is published behind it. Proofs signed before stay accepted
        until they expire, so <strong>nobody is signed out</strong> and no application has to be restarted.
      </p>
      <p>Keys also rotate by themselves. Do it by hand when a key may have been seen by somebody it should not.</p>
    </Ask>
  )
}

function rotateSigningKey(idempotencyKey: string) {
  return call({ path: api.signingKeyRotations(), method: 'POST', idempotencyKey })
}

/** `crypto.randomUUID` is missing on plain http away from localhost; random bytes are not. */
function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

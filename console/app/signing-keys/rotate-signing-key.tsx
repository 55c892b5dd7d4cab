import { call } from '../api/call.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api } from '../paths.ts'

interface AskToRotateProps {
  isOpen: boolean
  onClose: () => void
}

/** Lets the next key sign from now on. Nobody is signed out: the key before goes on being accepted for its time. */
export function AskToRotate({ isOpen, onClose }: AskToRotateProps) {
  return (
    <AskDeed
      isOpen={isOpen}
      onClose={onClose}
      title="Rotate the signing key?"
      yes="Rotate now"
      deed={rotateSigningKey}
      said={() => ({ title: 'Signing key rotated', message: 'New proofs are signed by the next key from now on.' })}
      again="Look at the list before you try again: a second rotation signs nobody out, but is rarely wanted."
    >
      <p>
        The next key begins to sign at once, and another one is published behind it. Proofs signed before stay accepted
        until they expire, so <strong>nobody is signed out</strong> and no application has to be restarted.
      </p>
      <p>Keys also rotate by themselves. Do it by hand when a key may have been seen by somebody it should not.</p>
    </AskDeed>
  )
}

function rotateSigningKey(idempotencyKey: string) {
  return call({ path: api.signingKeyRotations(), method: 'POST', idempotencyKey })
}

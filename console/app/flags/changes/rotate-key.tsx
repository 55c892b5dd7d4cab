import { call } from '../../api/call.ts'
import type { FlagKeyRotated } from '../../api/wire/flags.ts'
import { api } from '../../paths.ts'
import { Reasoned } from '../reasoned.tsx'

interface RotateKeyProps {
  mayNot: string | null
  onClose: () => void
}

/** For a key that was stolen. Nobody gets another answer by it, and nothing takes it back. */
export function RotateKey({ mayNot, onClose }: RotateKeyProps) {
  return (
    <Reasoned<FlagKeyRotated>
      title="Rotate the key that signs flags?"
      purpose="Another key signs from now on, and every application follows with the next number. The one before it is never believed again: this cannot be undone. No answer changes, and the fingerprint that applications pin stays."
      yes="Rotate key"
      mayNot={mayNot}
      send={(body, idempotencyKey) => call({ path: api.flagKeyRotation(), method: 'POST', body, idempotencyKey })}
      said={({ number }) => ({
        title: 'Flags are signed by another key',
        message: `Applications follow within a second: ${number}. Fleet tells who does.`,
      })}
      onClose={onClose}
    />
  )
}

import { call } from '../api/call.ts'
import type { Token } from '../api/wire/tokens.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api } from '../paths.ts'
import { Time } from '../ui/time.tsx'

/** In a leak every second counts, and another token is made in a minute: no name has to be typed. */
export function RevokeToken({
  token: { id, kind, name, last_used_at },
  onClose,
}: {
  token: Token
  onClose: () => void
}) {
  return (
    <AskDeed
      isOpen
      title={`Revoke ${name}?`}
      yes="Revoke token"
      isDestructive
      deed={(idempotencyKey) => call({ path: api.token(id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: `${name} is revoked`, message: 'Every access process refuses it within two seconds.' })}
      again="Trying again is safe: a token is revoked only once."
      onClose={onClose}
    >
      <p>
        {kind === 'browser' ? 'Every page' : 'The program'} that uses <strong>{name}</strong> is refused from now on,
        for good. If it should go on, make another token first.
      </p>
      <p>
        {last_used_at ? (
          <>
            It was last used <Time at={last_used_at} />.
          </>
        ) : (
          'It was never used.'
        )}
      </p>
    </AskDeed>
  )
}

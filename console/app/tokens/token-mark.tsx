import type { Token } from '../api/wire/tokens.ts'
import { Explained, PlainMark } from '../ui/plain-mark.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { Ago } from '../ui/time.tsx'
import { neverExpires, sayState } from './token-state.ts'

/** Only a live token is a matter of health; the others are over. One that never ends by itself is said to. */
export function TokenMark({ token, isOld }: { token: Token; isOld: boolean }) {
  if (token.state !== 'live') return <PlainMark>{sayState(token)}</PlainMark>
  const state = neverExpires(token) ? 'degraded' : 'ok'
  return (
    <Explained mark={<StateMark state={isOld ? 'unknown' : state}>{sayState(token)}</StateMark>}>
      {token.expires_at ? (
        <>
          Expires <Ago at={token.expires_at} />
        </>
      ) : (
        'Never expires'
      )}
    </Explained>
  )
}

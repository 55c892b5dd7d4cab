import { Button } from '@mantine/core'
import { CallFailure, isOutage } from '../api/failure.ts'
import { hosted } from '../paths.ts'
import { Notice } from '../ui/notice.tsx'
import { Failed } from './failed.tsx'

interface DeedFailedProps {
  failure: Error | null
  /** What trying again would do, if it was done after all. */
  again: string
}

/** Too long ago, or by a mailed code of somebody who has a passkey: the same sign-in helps against both. */
const ASKS_AGAIN: ReadonlySet<string> = new Set(['sessions.stale', 'identity.passkey_needed'])

/** In the dialog that asked. A write that met an outage is unknown: neither done nor failed. */
export function DeedFailed({ failure, again }: DeedFailedProps) {
  if (!failure) return null
  if (failure instanceof CallFailure && ASKS_AGAIN.has(failure.code)) return <SignInAgain />
  if (!isOutage(failure)) return <Failed failure={failure} />
  return (
    <Notice state="unknown" role="alert" title="It is not known whether this was done">
      <p>
        {failure.message} {again}
      </p>
    </Notice>
  )
}

/** What gives others power asks for a sign-in of just now: a browser that was left open cannot. */
function SignInAgain() {
  return (
    <Notice
      state="degraded"
      role="alert"
      title="Sign in again to do this"
      actions={
        <Button component="a" href={hosted.signInAgain(location.pathname + location.search)}>
          Sign in again
        </Button>
      }
    >
      <p>
        Nothing was changed. This needs a sign-in within the last minutes, by your passkey if you have one; afterwards
        you are back on this page.
      </p>
    </Notice>
  )
}

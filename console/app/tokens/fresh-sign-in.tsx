import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { hosted } from '../paths.ts'
import { signedInQuery } from '../reading/signed-in.ts'
import { useClock } from '../ui/clock.tsx'
import { Notice } from '../ui/notice.tsx'
import { Ago } from '../ui/time.tsx'

/** As access has it. A token outlives the browser that made it. */
const FRESH_WITHIN_MS = 10 * 60_000

/** Said before the form is filled in, so that nothing that was typed is lost on the way to sign-in and back. */
export function NeedsFreshSignIn() {
  const { serverNowMs } = useClock()
  const at = useQuery(signedInQuery).data?.session.authenticated_at
  if (!at || serverNowMs - Date.parse(at) < FRESH_WITHIN_MS) return null
  return (
    <Notice
      state="degraded"
      title="This needs a sign-in of the last ten minutes"
      actions={
        <Button component="a" href={hosted.signInAgain(location.pathname + location.search)}>
          Sign in again
        </Button>
      }
    >
      <p>
        Yours was <Ago at={at} />. Sign in again first; afterwards you are back in this form.
      </p>
    </Notice>
  )
}

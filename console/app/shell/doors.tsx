import { Button, Title } from '@mantine/core'
import type { CallFailure } from '../api/failure.ts'
import { hosted } from '../paths.ts'
import { CopyForSupport } from '../ui/notice.tsx'
import { reportOf } from '../reading/failed.tsx'
import classes from './doors.module.css'
import { Wordmark } from './wordmark.tsx'

/** Seen for a moment on the way to sign-in, or for longer when sign-in has just sent somebody back without a session. */
export function SignedOut() {
  const here = location.pathname + location.search
  return (
    <Door title="You are not signed in to the console">
      <p>Sign in to go on where you were.</p>
      <Button component="a" href={hosted.signIn(here)}>
        Sign in
      </Button>
    </Door>
  )
}

export function NotAdministrator({ failure }: { failure: CallFailure }) {
  return (
    <Door title="The console is for administrators">
      <p>
        {failure.message} Ask an administrator of this installation to make you one, or sign in with another account.
      </p>
      <div className={classes.actions}>
        <Button component="a" href={hosted.signIn('/console/')}>
          Sign in with another account
        </Button>
        <CopyForSupport text={reportOf(failure)} />
      </div>
    </Door>
  )
}

function Door({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <main className={classes.door}>
      <Wordmark />
      <div className={classes.card}>
        <Title order={1}>{title}</Title>
        {children}
      </div>
    </main>
  )
}

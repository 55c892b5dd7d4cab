import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { to } from '../paths.ts'
import { Reading } from '../reading/reading.tsx'
import { sessionsQuery } from '../sessions/read-sessions.ts'
import { SessionLines } from '../sessions/session-lines.tsx'
import { PanelPart } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import classes from './user-panel.module.css'

/** Where somebody is signed in, where they were, and why not any more. */
export function UserSessions({ userId }: { userId: string }) {
  const live = useQuery(sessionsQuery({ user: userId }))
  const ended = useQuery(sessionsQuery({ user: userId, state: 'ended' }))
  return (
    <>
      <p className={classes.why}>
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.why({ user: userId })} />}>
          Why was I signed out?
        </Button>
        <Link {...to.sessions({ user: userId, state: 'all' })} className={classes.link}>
          All of them as a list
        </Link>
      </p>
      <PanelPart title="Live">
        <Reading query={live} about="live sessions of this user" waiting={<RowsToCome rows={2} />}>
          {(page, seen) => (
            <SessionLines page={page} isOld={seen.isOld} all={to.sessions({ user: userId })}>
              None. Nobody is signed in with this account.
            </SessionLines>
          )}
        </Reading>
      </PanelPart>
      <PanelPart title="Ended">
        <Reading query={ended} about="ended sessions of this user" waiting={<RowsToCome rows={2} />}>
          {(page, seen) => (
            <SessionLines page={page} isOld={seen.isOld} all={to.sessions({ user: userId, state: 'ended' })}>
              None that is still kept. An ended session is kept for a time, with its reason.
            </SessionLines>
          )}
        </Reading>
      </PanelPart>
    </>
  )
}

import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import type { User } from '../api/wire.ts'
import { to, type UsersSearch } from '../paths.ts'
import { useReasonNotToAct } from '../reading/use-outage.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { sessionsQuery } from '../sessions/read-sessions.ts'
import { SessionLines } from '../sessions/session-lines.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Empty } from '../ui/notice.tsx'
import { Facts, Panel, PanelPart } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Time } from '../ui/time.tsx'
import { AskToEndAllSessions } from './end-all-sessions.tsx'
import { Metadata } from './metadata.tsx'
import { userQuery } from './read-users.ts'
import { sayUser } from './say-user.ts'
import classes from './user-panel.module.css'

export const crumb = 'User'

export function loader(client: QueryClient, userId: string) {
  void client.prefetchQuery(userQuery(userId))
  void client.prefetchQuery(sessionsQuery({ user: userId }))
}

export function UserPanel() {
  const { userId } = useParams({ from: '/users/$userId' })
  const search = useSearch({ from: '/users/$userId' })
  const user = useQuery(userQuery(userId))
  const back = to.users(search)
  return (
    <Panel
      key={userId}
      label="User"
      row={userId}
      title={user.data ? sayUser(user.data) : userId}
      back={back}
      actions={user.data && <EndAll user={user.data} />}
    >
      <Reading query={user} about="user" waiting={<RowsToCome rows={5} />} notFound={<NoSuchUser search={search} />}>
        {(data, seen) => <UserFacts user={data} seen={seen} />}
      </Reading>
    </Panel>
  )
}

function UserFacts({ user, seen }: { user: User; seen: Seen }) {
  const sessions = useQuery(sessionsQuery({ user: user.id }))
  return (
    <>
      <Facts
        facts={[
          ['Id', <Copyable key="id" value={user.id} />],
          ['E-mail', user.email && <Copyable key="email" value={user.email} />],
          ['Name', user.name],
          ['Locale', user.locale],
          ['Time zone', user.time_zone],
          ['Administrator', user.is_administrator ? 'Yes, may use this console' : 'No'],
          ['Account made', <Time key="made" at={user.created_at} />],
          ['Last sign-in', user.last_sign_in_at ? <Time key="last" at={user.last_sign_in_at} /> : 'Never'],
        ]}
      />
      <PanelPart title="Live sessions">
        <Reading query={sessions} about="sessions of this user" waiting={<RowsToCome rows={2} />}>
          {(page, sessionsSeen) => <SessionLines page={page} isOld={sessionsSeen.isOld} userId={user.id} />}
        </Reading>
      </PanelPart>
      <PanelPart title="Public metadata">
        <Metadata
          label="Public metadata"
          value={user.metadata_public}
          purpose="Applications may show this to the user."
        />
      </PanelPart>
      <PanelPart title="Private metadata">
        <Metadata
          label="Private metadata"
          value={user.metadata_private}
          purpose="Only servers read this; it is never in a proof."
        />
      </PanelPart>
      <p className={classes.age}>
        <ReadAt seen={seen} />
      </p>
    </>
  )
}

function EndAll({ user }: { user: User }) {
  const [isAsking, { open, close }] = useDisclosure(false)
  const outageReason = useReasonNotToAct()
  const reason = outageReason ?? (user.live_sessions === 0 ? 'There is no live session to end.' : null)
  return (
    <>
      <ActButton reason={reason} onClick={open} variant="default" className={classes.endAll}>
        End all sessions
      </ActButton>
      <Link {...to.sessions({ user: user.id, state: 'all' })} className={classes.all}>
        All sessions of this user
      </Link>
      <AskToEndAllSessions user={user} isOpen={isAsking} onClose={close} />
    </>
  )
}

function NoSuchUser({ search }: { search: UsersSearch }) {
  return (
    <Empty
      title="There is no such user"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.users(search)} />}>
          Back to the list
        </Button>
      }
    >
      <p>The account may have been removed, or the id belongs to another installation.</p>
    </Empty>
  )
}

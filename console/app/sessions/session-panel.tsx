import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import type { SessionRow } from '../api/wire.ts'
import { type SessionsSearch, to } from '../paths.ts'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { useClock } from '../ui/clock.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Empty } from '../ui/notice.tsx'
import { Facts, Panel } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Time } from '../ui/time.tsx'
import { AskToEndSession } from './end-session.tsx'
import { sessionQuery } from './read-sessions.ts'
import { SessionMark } from './session-mark.tsx'
import classes from './session-panel.module.css'
import { sayApplication, sayDevice, sayPerson, stateOf } from './session-state.ts'

export const crumb = 'Session'

export function loader(client: QueryClient, sessionId: string) {
  void client.prefetchQuery(sessionQuery(sessionId))
}

export function SessionPanel() {
  const { sessionId } = useParams({ from: '/sessions/$sessionId' })
  const search = useSearch({ from: '/sessions/$sessionId' })
  const session = useQuery(sessionQuery(sessionId))
  return (
    <Panel
      key={sessionId}
      label="Session"
      row={sessionId}
      title={session.data ? sayPerson(session.data) : sessionId}
      back={to.sessions(search)}
      actions={session.data && <End session={session.data} />}
    >
      <Reading
        query={session}
        about="session"
        waiting={<RowsToCome rows={5} />}
        notFound={<NoSuchSession search={search} />}
      >
        {(data, seen) => <SessionFacts session={data} seen={seen} />}
      </Reading>
    </Panel>
  )
}

function SessionFacts({ session, seen }: { session: SessionRow; seen: Seen }) {
  const { user, device } = session
  return (
    <>
      <Facts
        facts={[
          ['State', <SessionMark key="state" session={session} isOld={seen.isOld} />],
          ['Id', <Copyable key="id" value={session.id} />],
          [
            'User',
            <Link key="user" {...to.user(user.id)} className={classes.link}>
              {user.email ?? user.id}
            </Link>,
          ],
          ['User id', <Copyable key="user-id" value={user.id} />],
          ['Application', sayApplication(session.audience)],
          ['Audience', <Copyable key="audience" value={session.audience} />],
          ['On behalf of', session.organization_id && <Organization key="for" id={session.organization_id} />],
          ...(session.impersonator
            ? [['Really used by', <Impersonator key="by" {...session.impersonator} />] as const]
            : []),
          ['Device', sayDevice(session)],
          ['Browser says', device.user_agent && <span className={classes.agent}>{device.user_agent}</span>],
          ['Address', device.address && <Copyable key="address" value={device.address} />],
          ['Signed in', <Time key="signed-in" at={session.authenticated_at} />],
          ['Began', <Time key="began" at={session.created_at} />],
          ['Last seen', <Time key="seen" at={session.last_seen_at} />],
          [session.ended_at ? 'Would have ended' : 'Ends at the latest', <Time key="end" at={session.expires_at} />],
          ...(session.ended_at ? endOf(session, session.ended_at) : []),
        ]}
      />
      <p className={classes.note}>
        When a session is ended, the application is told within seconds and stops accepting it, also while the database
        or access is away.
      </p>
      <p className={classes.age}>
        <ReadAt seen={seen} />
      </p>
    </>
  )
}

function Organization({ id }: { id: string }) {
  return (
    <Link {...to.organization(id)} className={classes.link}>
      <code className={classes.id}>{id}</code>
    </Link>
  )
}

function Impersonator({ id, name }: { id: string; name: string | null }) {
  return (
    <>
      <Link {...to.user(id)} className={classes.link}>
        {name ?? id}
      </Link>
      , support
    </>
  )
}

function endOf(session: SessionRow, endedAt: string) {
  return [
    ['Ended', <Time key="ended" at={endedAt} />],
    ['Ended by', <EndedBy key="by" session={session} />],
  ] as const
}

/** What ended it: the person, the rules, or an administrator, who is a user too. */
function EndedBy({ session: { ended_by, user } }: { session: SessionRow }) {
  if (ended_by === null) return <>Not recorded</>
  if (ended_by === user.id) return <>The user</>
  if (!ended_by.startsWith('usr_')) return <>By itself, as the rules say</>
  return (
    <Link {...to.user(ended_by)} className={classes.link}>
      <code className={classes.id}>{ended_by}</code>
    </Link>
  )
}

function End({ session }: { session: SessionRow }) {
  const [isAsking, { open, close }] = useDisclosure(false)
  const { serverNowMs } = useClock()
  const mayNotEnd = useReasonNotTo('sessions:write')
  const hasEnded = stateOf(session, { nowMs: serverNowMs, isOld: false }).is === 'ended'
  const reason = hasEnded ? 'This session has already ended.' : mayNotEnd
  return (
    <div className={classes.actions}>
      <Button variant="default" renderRoot={(props) => <Link {...props} {...to.why({ session: session.id })} />}>
        {hasEnded ? 'Why did it end?' : 'Was it signed out?'}
      </Button>
      <ActButton reason={reason} onClick={open} variant="default" className={classes.end}>
        End this session
      </ActButton>
      <AskToEndSession session={session} isOpen={isAsking} onClose={close} />
    </div>
  )
}

function NoSuchSession({ search }: { search: SessionsSearch }) {
  return (
    <Empty
      title="There is no such session"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.sessions(search)} />}>
          Back to the list
        </Button>
      }
    >
      <p>It may have been removed some time after its end, or the id belongs to another installation.</p>
    </Empty>
  )
}

import { Button, SegmentedControl } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type Page as PageOf, type SessionRow, type SessionStateFilter, sessionStates } from '../api/wire.ts'
import { hosted, type SessionsSearch, to } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { sayCount } from '../ui/moment.ts'
import { Empty } from '../ui/notice.tsx'
import { Filters, Page, Split } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { type Column, RowTable } from '../ui/row-table.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { PersonFilter } from './person-filter.tsx'
import { sessionsQuery } from './read-sessions.ts'
import { PersonCell } from './person-cell.tsx'
import { SessionMark } from './session-mark.tsx'
import { sayApplication, sayDevice } from './session-state.ts'

export const crumb = 'Sessions'

export function loader(client: QueryClient, search: SessionsSearch) {
  void client.prefetchQuery(sessionsQuery(search))
}

function columnsFor({ isOld }: Seen): readonly Column<SessionRow>[] {
  return [
    { head: 'Application', from: 'wide', width: 132, cell: ({ audience }) => sayApplication(audience) },
    { head: 'Device', from: 'wide', width: 184, cell: sayDevice },
    {
      head: 'Signed in',
      from: 'widest',
      width: 124,
      cell: ({ authenticated_at }) => <TimeInTwoLines at={authenticated_at} />,
    },
    { head: 'Last seen', from: 'medium', width: 116, cell: ({ last_seen_at }) => <TimeInTwoLines at={last_seen_at} /> },
    { head: 'State', width: 212, narrow: 148, cell: (session) => <SessionMark session={session} isOld={isOld} /> },
  ]
}

const stateNames: Record<SessionStateFilter, string> = { live: 'Live', ended: 'Ended', all: 'All' }

export function SessionsPage() {
  const search = useSearch({ from: '/sessions' })
  const { sessionId } = useParams({ strict: false })
  const navigate = useNavigate()
  const sessions = useQuery(sessionsQuery(search))
  const show = (state: SessionStateFilter) =>
    navigate(to.sessions({ user: search.user, state: state === 'live' ? undefined : state }))
  return (
    <Split panel={<Outlet />}>
      <Page title="Sessions" purpose="Who is signed in, where and since when; and why sessions ended.">
        <Filters>
          <SegmentedControl
            aria-label="State"
            value={search.state ?? 'live'}
            onChange={(value) => show(value as SessionStateFilter)}
            data={sessionStates.map((value) => ({ value, label: stateNames[value] }))}
          />
          <PersonFilter search={search} />
        </Filters>
        <Reading query={sessions} about="sessions" waiting={<RowsToCome />}>
          {(page, seen) => <SessionList page={page} seen={seen} search={search} chosen={sessionId} />}
        </Reading>
      </Page>
    </Split>
  )
}

interface SessionListProps {
  page: PageOf<SessionRow>
  seen: Seen
  search: SessionsSearch
  chosen: string | undefined
}

function SessionList({ page, seen, search, chosen }: SessionListProps) {
  if (page.data.length === 0) return <NoSessions search={search} />
  return (
    <>
      <RowTable
        label="Sessions"
        rows={page.data}
        rowId={({ id }) => id}
        first={{ head: 'User', cell: (session) => <PersonCell session={session} /> }}
        columns={columnsFor(seen)}
        linkTo={({ id }) => to.session(id, search)}
        chosen={chosen}
        isOld={seen.isOld}
      />
      <Pager
        first={search.cursor ? to.sessions({ ...search, cursor: undefined }) : null}
        next={page.next_cursor ? to.sessions({ ...search, cursor: page.next_cursor }) : null}
      >
        <span>{sayCount(page.data.length, 'session')} on this page</span>
        <ReadAt seen={seen} />
      </Pager>
    </>
  )
}

function NoSessions({ search }: { search: SessionsSearch }) {
  if (search.user || search.cursor) {
    return (
      <Empty
        title={search.cursor ? 'There are no more sessions' : 'No such session of this user'}
        action={
          <Button variant="default" renderRoot={(props) => <Link {...props} {...to.sessions({ state: 'all' })} />}>
            Show all sessions
          </Button>
        }
      >
        <p>Ended sessions are kept for a time with their reason; look under “All” too.</p>
      </Empty>
    )
  }
  if (search.state) {
    return (
      <Empty title="No session has ended yet">
        <p>When a session ends, by its user, by you or by time, it is listed here with the reason.</p>
      </Empty>
    )
  }
  return (
    <Empty
      title="Nobody is signed in"
      action={
        <Button component="a" href={hosted.customerSignIn()}>
          Open the sign-in page
        </Button>
      }
    >
      <p>A session begins when somebody signs in to one of your applications.</p>
    </Empty>
  )
}

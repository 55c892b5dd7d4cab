import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { Application } from '../api/wire/applications.ts'
import { type SessionRow, type SessionStateFilter, sessionStates } from '../api/wire.ts'
import type { CsvColumn } from '../list/csv.ts'
import { MomentFilter, MoreFilters, SegmentFilter, SelectFilter } from '../list/filters.tsx'
import { ListPage } from '../list/list-page.tsx'
import { listQuery } from '../list/list-query.ts'
import { OrganizationFilter, UserFilter } from '../list/pick-filters.tsx'
import { api, hosted, type SessionsSearch, to } from '../paths.ts'
import type { Seen } from '../reading/reading.tsx'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { PersonCell } from './person-cell.tsx'
import { askFor, sessionsQuery } from './read-sessions.ts'
import { SessionMark } from './session-mark.tsx'
import { ourPages, sayApplication, sayDevice } from './session-state.ts'
import { SessionTabs } from './session-tabs.tsx'

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

export function SessionsPage() {
  const search = useSearch({ from: '/sessions' })
  const { sessionId } = useParams({ strict: false })
  return (
    <ListPage
      title="Sessions"
      purpose="Who is signed in, where and since when; and why sessions ended."
      one="session"
      many="sessions"
      tabs={<SessionTabs here="Sessions" />}
      query={useQuery(sessionsQuery(search))}
      rowId={({ id }) => id}
      first={{ head: 'User', cell: (session) => <PersonCell session={session} /> }}
      columns={columnsFor}
      linkTo={({ id }) => to.session(id, search)}
      chosen={sessionId}
      search={search}
      linkFor={to.sessions}
      filters={<SessionFilters search={search} />}
      csv={{ name: 'sessions', path: api.sessions, filter: askFor(search), columns: csvColumns }}
      empty={
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
      }
    />
  )
}

const stateNames: Record<SessionStateFilter, string> = { live: 'Live', ended: 'Ended', all: 'All' }
const stateChoices = sessionStates.map((state) => [state, stateNames[state]] as const)
/** More applications than this are found by writing the audience into the address. */
const applicationsQuery = listQuery<Application>('applications', api.applications, {})

function SessionFilters({ search }: { search: SessionsSearch }) {
  const applications = useQuery(applicationsQuery).data?.data ?? []
  const narrowed = (change: SessionsSearch) => to.sessions({ ...search, ...change, cursor: undefined })
  return (
    <>
      <SegmentFilter
        label="State"
        choices={stateChoices}
        value={search.state ?? 'live'}
        linkFor={(state) => narrowed({ state: state === 'live' ? undefined : state })}
      />
      <UserFilter label="User" placeholder="Any user" value={search.user} linkFor={(user) => narrowed({ user })} />
      <MoreFilters chosen={[search.audience, search.organization, search.from, search.to]}>
        <SelectFilter
          label="Application"
          placeholder="Any application"
          choices={[...ourPages, ...applications.map(({ audience, name }) => [audience, name] as const)]}
          value={search.audience}
          linkFor={(audience) => narrowed({ audience })}
        />
        <OrganizationFilter value={search.organization} linkFor={(organization) => narrowed({ organization })} />
        <MomentFilter label="From" value={search.from} linkFor={(from) => narrowed({ from })} />
        <MomentFilter label="To" value={search.to} linkFor={(until) => narrowed({ to: until })} />
      </MoreFilters>
    </>
  )
}

const csvColumns: readonly CsvColumn<SessionRow>[] = [
  { head: 'id', value: ({ id }) => id },
  { head: 'user_id', value: ({ user }) => user.id },
  { head: 'email', value: ({ user }) => user.email },
  { head: 'audience', value: ({ audience }) => audience },
  { head: 'organization_id', value: ({ organization_id }) => organization_id },
  { head: 'device', value: ({ device }) => device.name },
  { head: 'address', value: ({ device }) => device.address },
  { head: 'created_at', value: ({ created_at }) => created_at },
  { head: 'authenticated_at', value: ({ authenticated_at }) => authenticated_at },
  { head: 'last_seen_at', value: ({ last_seen_at }) => last_seen_at },
  { head: 'expires_at', value: ({ expires_at }) => expires_at },
  { head: 'ended_at', value: ({ ended_at }) => ended_at },
  { head: 'end_reason', value: ({ end_reason }) => end_reason },
  { head: 'ended_by', value: ({ ended_by }) => ended_by },
]

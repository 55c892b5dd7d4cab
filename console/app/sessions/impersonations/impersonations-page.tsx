import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import type { Impersonation } from '../../api/wire/sessions.ts'
import type { CsvColumn } from '../../list/csv.ts'
import { ListPage } from '../../list/list-page.tsx'
import { UserFilter } from '../../list/pick-filters.tsx'
import { api, type ImpersonationsSearch, to } from '../../paths.ts'
import type { Seen } from '../../reading/reading.tsx'
import { NameCell } from '../../ui/name-cell.tsx'
import { Empty } from '../../ui/notice.tsx'
import type { Column } from '../../ui/row-table.tsx'
import { TimeInTwoLines } from '../../ui/time.tsx'
import { impersonationsQuery } from '../read-sessions.ts'
import { sayApplication } from '../session-state.ts'
import { SessionTabs } from '../session-tabs.tsx'
import { EndImpersonation } from './end-impersonation.tsx'
import { ImpersonationMark } from './impersonation-mark.tsx'
import classes from './impersonations-page.module.css'

export const crumb = 'Impersonations'

export function loader(client: QueryClient, search: ImpersonationsSearch) {
  void client.prefetchQuery(impersonationsQuery(search))
}

function columnsFor({ isOld }: Seen): readonly Column<Impersonation>[] {
  return [
    {
      head: 'Acted as',
      from: 'medium',
      width: 196,
      cell: ({ user, audience }) => (
        <NameCell
          name={
            <Link {...to.user(user.id)} className={classes.link}>
              {user.name ?? user.email ?? user.id}
            </Link>
          }
        >
          {sayApplication(audience)}
        </NameCell>
      ),
    },
    { head: 'Asked for', from: 'wide', width: 112, cell: ({ created_at }) => <TimeInTwoLines at={created_at} /> },
    { head: 'State', width: 176, narrow: 124, cell: (row) => <ImpersonationMark row={row} isOld={isOld} /> },
    { head: 'End', width: 76, narrow: 76, cell: (row) => <EndImpersonation row={row} /> },
  ]
}

export function ImpersonationsPage() {
  const search = useSearch({ from: '/sessions/impersonations' })
  return (
    <ListPage
      title="Impersonations"
      purpose="Support that acted as somebody: for minutes, with a reason that the person reads, under both names in the audit."
      one="impersonation"
      many="impersonations"
      tabs={<SessionTabs here="Impersonations" />}
      query={useQuery(impersonationsQuery(search))}
      rowId={({ id }) => id}
      first={{ head: 'Who, and why', cell: (row) => <Reason row={row} /> }}
      columns={columnsFor}
      search={search}
      linkFor={to.impersonations}
      filters={
        <UserFilter
          label="User"
          placeholder="As anybody"
          value={search.user}
          linkFor={(user) => to.impersonations({ user })}
        />
      }
      csv={{ name: 'impersonations', path: api.impersonations, filter: { user_id: search.user }, columns: csvColumns }}
      empty={
        <Empty
          title="Nobody has acted as anybody"
          action={<Button renderRoot={(props) => <Link {...props} {...to.users()} />}>Choose a user</Button>}
        >
          <p>
            Support can see what a person sees, for minutes and with a reason: open the person under Users, then “Act as
            this person”. The person is told.
          </p>
        </Empty>
      }
    />
  )
}

function Reason({ row }: { row: Impersonation }) {
  return (
    <span className={classes.reason}>
      <span className={classes.who}>
        {row.staff.name ?? row.staff.id}
        <span className={classes.as}> as {row.user.name ?? row.user.email ?? row.user.id}</span>
      </span>
      <span className={classes.why}>{row.reason}</span>
    </span>
  )
}

const csvColumns: readonly CsvColumn<Impersonation>[] = [
  { head: 'id', value: ({ id }) => id },
  { head: 'staff_id', value: ({ staff }) => staff.id },
  { head: 'staff_name', value: ({ staff }) => staff.name },
  { head: 'user_id', value: ({ user }) => user.id },
  { head: 'user_email', value: ({ user }) => user.email },
  { head: 'audience', value: ({ audience }) => audience },
  { head: 'reason', value: ({ reason }) => reason },
  { head: 'minutes', value: ({ minutes }) => minutes },
  { head: 'state', value: ({ state }) => state },
  { head: 'created_at', value: ({ created_at }) => created_at },
  { head: 'started_at', value: ({ started_at }) => started_at },
  { head: 'ended_at', value: ({ ended_at }) => ended_at },
  { head: 'ended_by', value: ({ ended_by }) => ended_by },
  { head: 'session_id', value: ({ session_id }) => session_id },
]

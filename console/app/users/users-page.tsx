import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { type User, type UserState, userStates } from '../api/wire.ts'
import type { CsvColumn } from '../list/csv.ts'
import { SelectFilter } from '../list/filters.tsx'
import { ListPage } from '../list/list-page.tsx'
import { OrganizationFilter } from '../list/pick-filters.tsx'
import { api, hosted, to, type UsersSearch } from '../paths.ts'
import type { Seen } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { useAsking } from '../ui/use-asking.ts'
import { AccountMark } from './account-mark.tsx'
import { MakeUser } from './make-user.tsx'
import { askFor, listSearch, usersQuery } from './read-users.ts'
import { UserCell } from './user-cell.tsx'

export const crumb = 'Users'

export function loader(client: QueryClient, search: UsersSearch) {
  void client.prefetchQuery(usersQuery(search))
}

function columnsFor({ isOld }: Seen): readonly Column<User>[] {
  return [
    { head: 'Id', from: 'widest', width: 264, cell: ({ id }, tabIndex) => <Copyable value={id} tabIndex={tabIndex} /> },
    {
      head: 'Last sign-in',
      from: 'medium',
      width: 120,
      cell: ({ last_sign_in_at }) => (last_sign_in_at ? <TimeInTwoLines at={last_sign_in_at} /> : 'Never'),
    },
    { head: 'Account made', from: 'wide', width: 132, cell: ({ created_at }) => <TimeInTwoLines at={created_at} /> },
    { head: 'Sessions', from: 'wide', align: 'end', width: 92, cell: ({ live_sessions }) => live_sessions },
    { head: 'State', width: 152, narrow: 132, cell: (user) => <AccountMark user={user} isOld={isOld} /> },
  ]
}

export function UsersPage() {
  const search = listSearch(useSearch({ from: '/users' }))
  const { userId } = useParams({ strict: false })
  const reason = useReasonNotTo('users:write')
  const [isMaking, { open, close }] = useAsking(search.make === 'yes', {
    asking: to.users({ ...search, make: 'yes' }),
    silent: to.users({ ...search, make: undefined }),
  })
  return (
    <>
      <ListPage
        title="Users"
        purpose="Everybody who has an account here."
        one="user"
        many="users"
        query={useQuery(usersQuery(search))}
        rowId={({ id }) => id}
        first={{ head: 'User', cell: (user) => <UserCell user={user} /> }}
        columns={columnsFor}
        linkTo={({ id }) => to.user(id, { ...search, make: undefined })}
        chosen={userId}
        search={search}
        linkFor={to.users}
        actions={
          <ActButton reason={reason} onClick={open}>
            Make a user
          </ActButton>
        }
        filters={<UserFilters search={search} />}
        csv={{ name: 'users', path: api.users, filter: askFor(search), columns: csvColumns }}
        empty={<NobodyYet />}
      />
      {isMaking && <MakeUser reason={reason} onClose={close} />}
    </>
  )
}

const stateNames: Record<UserState, string> = { active: 'Active', blocked: 'Blocked', deleting: 'Being deleted' }
const stateChoices = userStates.map((state) => [state, stateNames[state]] as const)

function UserFilters({ search }: { search: UsersSearch }) {
  const narrowed = (change: UsersSearch) => to.users({ ...search, ...change, cursor: undefined })
  return (
    <>
      <SearchField
        label="Search users"
        placeholder="Name, e-mail or id"
        value={search.query ?? ''}
        linkFor={(query) => narrowed({ query: query || undefined })}
      />
      <SelectFilter
        label="State"
        placeholder="Any state"
        choices={stateChoices}
        value={search.state}
        linkFor={(state) => narrowed({ state: userStates.find((each) => each === state) })}
      />
      <OrganizationFilter value={search.organization} linkFor={(organization) => narrowed({ organization })} />
    </>
  )
}

const csvColumns: readonly CsvColumn<User>[] = [
  { head: 'id', value: ({ id }) => id },
  { head: 'email', value: ({ email }) => email },
  { head: 'name', value: ({ name }) => name },
  { head: 'state', value: ({ state }) => state },
  { head: 'blocked_at', value: ({ blocked_at }) => blocked_at },
  { head: 'deletes_at', value: ({ deletes_at }) => deletes_at },
  { head: 'created_at', value: ({ created_at }) => created_at },
  { head: 'last_sign_in_at', value: ({ last_sign_in_at }) => last_sign_in_at },
  { head: 'live_sessions', value: ({ live_sessions }) => live_sessions },
]

function NobodyYet() {
  return (
    <Empty
      title="Nobody has signed in yet"
      action={
        <Button component="a" href={hosted.customerSignIn()}>
          Open the sign-in page
        </Button>
      }
    >
      <p>An account is made when somebody signs in for the first time. Sign in yourself to make the first one.</p>
    </Empty>
  )
}

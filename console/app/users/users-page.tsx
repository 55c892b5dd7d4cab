import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { User } from '../api/wire.ts'
import type { CsvColumn } from '../list/csv.ts'
import { ListPage } from '../list/list-page.tsx'
import { api, hosted, to, type UsersSearch } from '../paths.ts'
import { Copyable } from '../ui/copyable.tsx'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { askFor, usersQuery } from './read-users.ts'
import { UserCell } from './user-cell.tsx'

export const crumb = 'Users'

export function loader(client: QueryClient, search: UsersSearch) {
  void client.prefetchQuery(usersQuery(search))
}

const columns: readonly Column<User>[] = [
  { head: 'Id', from: 'widest', width: 264, cell: ({ id }, tabIndex) => <Copyable value={id} tabIndex={tabIndex} /> },
  {
    head: 'Last sign-in',
    width: 120,
    narrow: 108,
    cell: ({ last_sign_in_at }) => (last_sign_in_at ? <TimeInTwoLines at={last_sign_in_at} /> : 'Never'),
  },
  { head: 'Account made', from: 'wide', width: 132, cell: ({ created_at }) => <TimeInTwoLines at={created_at} /> },
  { head: 'Live sessions', from: 'medium', align: 'end', width: 120, cell: ({ live_sessions }) => live_sessions },
]

export function UsersPage() {
  const search = useSearch({ from: '/users' })
  const { userId } = useParams({ strict: false })
  return (
    <ListPage
      title="Users"
      purpose="Everybody who has an account here. An account is made at the first sign-in."
      one="user"
      many="users"
      query={useQuery(usersQuery(search))}
      rowId={({ id }) => id}
      first={{ head: 'User', cell: (user) => <UserCell user={user} /> }}
      columns={() => columns}
      linkTo={({ id }) => to.user(id, search)}
      chosen={userId}
      search={search}
      linkFor={to.users}
      filters={
        <SearchField
          label="Search users"
          placeholder="Name, e-mail or id"
          value={search.query ?? ''}
          linkFor={(query) => to.users({ ...search, query: query || undefined, cursor: undefined })}
        />
      }
      csv={{ name: 'users', path: api.users, filter: askFor(search), columns: csvColumns }}
      empty={<NobodyYet />}
    />
  )
}

const csvColumns: readonly CsvColumn<User>[] = [
  { head: 'id', value: ({ id }) => id },
  { head: 'email', value: ({ email }) => email },
  { head: 'name', value: ({ name }) => name },
  { head: 'state', value: ({ state }) => state },
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

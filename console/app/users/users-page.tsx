import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams, useSearch } from '@tanstack/react-router'
import type { Page as PageOf, User } from '../api/wire.ts'
import { hosted, to, type UsersSearch } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { sayCount } from '../ui/moment.ts'
import { Empty } from '../ui/notice.tsx'
import { Filters, Page, Split } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { type Column, RowTable } from '../ui/row-table.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { usersQuery } from './read-users.ts'
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
  const users = useQuery(usersQuery(search))
  return (
    <Split panel={<Outlet />}>
      <Page title="Users" purpose="Everybody who has an account here. An account is made at the first sign-in.">
        <Filters>
          <SearchField
            label="Search users"
            placeholder="Name, e-mail or id"
            value={search.query ?? ''}
            linkFor={(query) => to.users({ query: query || undefined })}
          />
        </Filters>
        <Reading query={users} about="users" waiting={<RowsToCome />}>
          {(page, seen) => <UserList page={page} seen={seen} search={search} chosen={userId} />}
        </Reading>
      </Page>
    </Split>
  )
}

interface UserListProps {
  page: PageOf<User>
  seen: Seen
  search: UsersSearch
  chosen: string | undefined
}

function UserList({ page, seen, search, chosen }: UserListProps) {
  if (page.data.length === 0) return search.query || search.cursor ? <NoMatch search={search} /> : <NobodyYet />
  return (
    <>
      <RowTable
        label="Users"
        rows={page.data}
        rowId={({ id }) => id}
        first={{ head: 'User', cell: (user) => <UserCell user={user} /> }}
        columns={columns}
        linkTo={({ id }) => to.user(id, search)}
        chosen={chosen}
        isOld={seen.isOld}
      />
      <Pager
        first={search.cursor ? to.users({ ...search, cursor: undefined }) : null}
        next={page.next_cursor ? to.users({ ...search, cursor: page.next_cursor }) : null}
      >
        <span>{sayCount(page.data.length, 'user')} on this page</span>
        <ReadAt seen={seen} />
      </Pager>
    </>
  )
}

function NoMatch({ search }: { search: UsersSearch }) {
  return (
    <Empty
      title={search.query ? `No user matches “${search.query}”` : 'There are no more users'}
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.users()} />}>
          Show all users
        </Button>
      }
    >
      <p>The search looks at names, e-mail addresses and ids.</p>
    </Empty>
  )
}

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

import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { User } from '../api/wire.ts'
import { to, type UserAsk, type UserPart, type UserSearch, type UsersSearch } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { sessionsQuery } from '../sessions/read-sessions.ts'
import { LinkTabs } from '../ui/link-tabs.tsx'
import { Empty } from '../ui/notice.tsx'
import { Panel, PanelFoot } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Closed } from './closed.tsx'
import { listSearch, userQuery } from './read-users.ts'
import { sayUser } from './say-user.ts'
import { UserActions } from './user-actions.tsx'
import { MethodAsks } from './methods/method-asks.tsx'
import { UserMethods } from './methods/user-methods.tsx'
import { UserAsks } from './user-asks.tsx'
import { UserAudit } from './user-audit.tsx'
import { UserOrganizations } from './user-organizations.tsx'
import { UserProfile } from './user-profile.tsx'
import { UserSessions } from './user-sessions.tsx'
import classes from './user-panel.module.css'

export const crumb = 'User'

export function loader(client: QueryClient, userId: string) {
  void client.prefetchQuery(userQuery(userId))
  void client.prefetchQuery(sessionsQuery({ user: userId }))
}

export function UserPanel() {
  const { userId } = useParams({ from: '/users/$userId' })
  const search = useSearch({ from: '/users/$userId' })
  const navigate = useNavigate()
  const user = useQuery(userQuery(userId))
  const list = listSearch(search)
  const here = (change: UserSearch) => to.user(userId, { ...list, part: search.part, ...change })
  const open = (ask: UserAsk, which?: string) => void navigate(here({ ask, which }))
  const close = () => void navigate({ ...here({}), replace: true })
  return (
    <Panel
      key={userId}
      label="User"
      row={userId}
      title={user.data ? sayUser(user.data) : userId}
      back={to.users(list)}
      actions={user.data && <UserActions user={user.data} open={open} />}
    >
      <Reading query={user} about="user" waiting={<RowsToCome rows={5} />} notFound={<NoSuchUser search={list} />}>
        {(data, seen) => (
          <>
            <UserParts user={data} seen={seen} search={search} linkTo={(part) => here({ part })} open={open} />
            <UserAsks user={data} ask={search.ask} onClose={close} />
            {search.part === 'methods' && <MethodAsks user={data} about={search} onClose={close} />}
          </>
        )}
      </Reading>
    </Panel>
  )
}

const partNames: readonly (readonly [part: UserPart | undefined, name: string])[] = [
  [undefined, 'Profile'],
  ['methods', 'Sign-in'],
  ['sessions', 'Sessions'],
  ['organizations', 'Organisations'],
  ['audit', 'Audit'],
]

interface UserPartsProps {
  user: User
  seen: Seen
  search: UserSearch
  linkTo: (part: UserPart | undefined) => ReturnType<typeof to.user>
  open: (ask: UserAsk, which?: string) => void
}

function UserParts({ user, seen, search: { part }, linkTo, open }: UserPartsProps) {
  const tabs = partNames.map(([each, name]) => ({ name, link: linkTo(each), isHere: each === part }))
  return (
    <>
      <Closed user={user} open={open} />
      <LinkTabs label="About this user" tabs={tabs} />
      <div className={classes.part}>
        {part === 'methods' && <UserMethods user={user} open={open} />}
        {part === 'sessions' && <UserSessions userId={user.id} />}
        {part === 'organizations' && <UserOrganizations userId={user.id} />}
        {part === 'audit' && <UserAudit userId={user.id} />}
        {part === undefined && <UserProfile user={user} seen={seen} open={open} />}
      </div>
      <PanelFoot>
        <ReadAt seen={seen} />
      </PanelFoot>
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

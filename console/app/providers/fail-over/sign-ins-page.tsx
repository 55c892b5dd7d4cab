import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { FailOverSignIn } from '../../api/wire/fail-over.ts'
import type { CsvColumn } from '../../list/csv.ts'
import { SelectFilter } from '../../list/filters.tsx'
import { ListPage } from '../../list/list-page.tsx'
import { OrganizationFilter } from '../../list/pick-filters.tsx'
import { api, to } from '../../paths.ts'
import type { FailOverSignInsSearch } from '../provider-search.ts'
import type { Seen } from '../../reading/reading.tsx'
import { NameCell } from '../../ui/name-cell.tsx'
import { Empty } from '../../ui/notice.tsx'
import { type Column, InsteadOfWide } from '../../ui/row-table.tsx'
import { TimeInTwoLines } from '../../ui/time.tsx'
import { sayUser } from '../../users/say-user.ts'
import { ProviderTabs } from '../provider-tabs.tsx'
import { providersQuery } from '../read-providers.ts'
import { askFor, signInsQuery } from './read-fail-over.ts'
import { SignInMark } from './sign-in-mark.tsx'

export const crumb = 'Fail-over sign-ins'

export function loader(client: QueryClient, search: FailOverSignInsSearch) {
  void client.prefetchQuery(signInsQuery(search))
  void client.prefetchQuery(providersQuery())
}

const methodNames: Record<FailOverSignIn['method'], string> = {
  passkey: 'Passkey',
  code: 'Code',
  link: 'Link in a mail',
}

function columnsFor({ isOld }: Seen): readonly Column<FailOverSignIn>[] {
  return [
    {
      head: 'Organisation',
      from: 'wide',
      width: 200,
      cell: ({ organization }) => (organization ? (organization.name ?? organization.id) : 'None'),
    },
    { head: 'In place of', from: 'medium', width: 140, cell: ({ provider }) => provider.name ?? provider.id },
    { head: 'By', from: 'medium', width: 112, cell: ({ method }) => methodNames[method] ?? method },
    { head: 'When', from: 'medium', width: 124, cell: ({ at }) => <TimeInTwoLines at={at} /> },
    { head: 'Since then', width: 220, narrow: 164, cell: (signIn) => <SignInMark signIn={signIn} isOld={isOld} /> },
  ]
}

/** Everybody who was let in while their provider was down, and whether they have proved themselves there since. */
export function SignInsPage() {
  const search = useSearch({ from: '/providers/sign-ins' })
  return (
    <ListPage
      title="Fail-over sign-ins"
      purpose="Who was let in while their provider was down. When it is back, each session has to be proved there within a quarter of an hour, or it ends."
      one="sign-in"
      many="sign-ins"
      tabs={<ProviderTabs here="Fail-over sign-ins" />}
      query={useQuery(signInsQuery(search))}
      rowId={({ id }) => id}
      first={{ head: 'User', cell: (signIn) => <Who signIn={signIn} /> }}
      columns={columnsFor}
      linkTo={({ user }) => to.user(user.id, { part: 'sessions' })}
      search={search}
      linkFor={to.failOverSignIns}
      filters={<SignInFilters search={search} />}
      csv={{ name: 'fail-over-sign-ins', path: api.failOverSignIns, filter: askFor(search), columns: csvColumns }}
      empty={
        <Empty title="Nobody had to be let in another way">
          <p>
            While a provider is down, people go on by a passkey or a code as far as their organisation allows. Each such
            sign-in is listed here, told to the administrators of its organisation, and written down in the audit.
          </p>
        </Empty>
      }
    />
  )
}

function Who({ signIn: { user, organization } }: { signIn: FailOverSignIn }) {
  return (
    <>
      <NameCell name={sayUser(user)}>{user.name ? user.email : null}</NameCell>
      {organization && <InsteadOfWide>{organization.name ?? organization.id}</InsteadOfWide>}
    </>
  )
}

function SignInFilters({ search }: { search: FailOverSignInsSearch }) {
  const providers = useQuery(providersQuery()).data?.data ?? []
  const narrowed = (change: FailOverSignInsSearch) => to.failOverSignIns({ ...search, ...change, cursor: undefined })
  return (
    <>
      <SelectFilter
        label="Provider"
        placeholder="Any provider"
        choices={providers.map(({ id, name }) => [id, name] as const)}
        value={search.provider}
        linkFor={(provider) => narrowed({ provider })}
      />
      <OrganizationFilter
        width="pick"
        value={search.organization}
        linkFor={(organization) => narrowed({ organization })}
      />
    </>
  )
}

const csvColumns: readonly CsvColumn<FailOverSignIn>[] = [
  { head: 'id', value: ({ id }) => id },
  { head: 'user_id', value: ({ user }) => user.id },
  { head: 'email', value: ({ user }) => user.email },
  { head: 'organization_id', value: ({ organization }) => organization?.id ?? null },
  { head: 'provider_id', value: ({ provider }) => provider.id },
  { head: 'method', value: ({ method }) => method },
  { head: 'session_id', value: ({ session_id }) => session_id },
  { head: 'at', value: ({ at }) => at },
  { head: 'due_at', value: ({ due_at }) => due_at },
  { head: 'proved_at', value: ({ proved_at }) => proved_at },
]

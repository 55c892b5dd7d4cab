import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { Organization } from '../api/wire/organizations.ts'
import { ListPage } from '../list/list-page.tsx'
import { listQuery } from '../list/list-query.ts'
import { api, type OrganizationsSearch, to } from '../paths.ts'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { OrganizationCell } from './organization-cell.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { sayNumber } from '../ui/moment.ts'
import { SegmentFilter } from '../list/filters.tsx'
export const crumb = 'Organisations'

const askFor = (search: OrganizationsSearch) => ({ query: search.query, state: search.state })
const query = (search: OrganizationsSearch) =>
  listQuery<Organization>('organizations', api.organizations, askFor(search), search.cursor)

export function loader(client: QueryClient, search: OrganizationsSearch) {
  void client.prefetchQuery(query(search))
}

const states = [
  ['active', 'Active'],
  ['deleted', 'Deleted'],
  ['all', 'All'],
] as const

const columns: readonly Column<Organization>[] = [
  { head: 'Id', from: 'widest', width: 264, cell: ({ id }, tabIndex) => <Copyable value={id} tabIndex={tabIndex} /> },
  { head: 'Made', from: 'medium', width: 132, cell: ({ created_at }) => <TimeInTwoLines at={created_at} /> },
  { head: 'Members', align: 'end', width: 100, narrow: 88, cell: ({ members }) => sayNumber(members) },
  {
    head: 'Live sessions',
    from: 'medium',
    align: 'end',
    width: 120,
    cell: ({ live_sessions }) => sayNumber(live_sessions),
  },
]

export function OrganizationsPage() {
  const search = useSearch({ from: '/organizations' })
  const { organizationId } = useParams({ strict: false })
  return (
    <ListPage
      title="Organisations"
      purpose="The customers of your product: their members, roles and invitations."
      one="organisation"
      many="organisations"
      query={useQuery(query(search))}
      rowId={({ id }) => id}
      first={{ head: 'Organisation', cell: (organization) => <OrganizationCell organization={organization} /> }}
      columns={() => columns}
      linkTo={({ id }) => to.organization(id, search)}
      chosen={organizationId}
      search={search}
      linkFor={to.organizations}
      filters={
        <>
          <SearchField
            label="Search organisations"
            placeholder="Name, short name or id"
            value={search.query ?? ''}
            linkFor={(query) => to.organizations({ ...search, query: query || undefined, cursor: undefined })}
          />
          <SegmentFilter
            label="State"
            choices={states}
            value={search.state ?? 'active'}
            linkFor={(state) =>
              to.organizations({ query: search.query, state: state === 'active' ? undefined : state })
            }
          />
        </>
      }
      csv={{ name: 'organizations', path: api.organizations, filter: askFor(search), columns: csvColumns }}
      empty={
        <Empty title="There is no organisation yet">
          <p>An organisation is a customer: its members act on its behalf, with roles that your applications read.</p>
        </Empty>
      }
    />
  )
}

const csvColumns = [
  { head: 'id', value: ({ id }: Organization) => id },
  { head: 'name', value: ({ name }: Organization) => name },
  { head: 'slug', value: ({ slug }: Organization) => slug },
  { head: 'members', value: ({ members }: Organization) => members },
  { head: 'live_sessions', value: ({ live_sessions }: Organization) => live_sessions },
  { head: 'created_at', value: ({ created_at }: Organization) => created_at },
  { head: 'deleted_at', value: ({ deleted_at }: Organization) => deleted_at },
]

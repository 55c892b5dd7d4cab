import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { Organization } from '../api/wire/organizations.ts'
import { SegmentFilter } from '../list/filters.tsx'
import { ListPage } from '../list/list-page.tsx'
import { api, type OrganizationsSearch, to } from '../paths.ts'
import type { Seen } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { sayCountedTo, sayNumber } from '../ui/moment.ts'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { useAsking } from '../ui/use-asking.ts'
import { MakeOrganization } from './make-organization.tsx'
import { OrganizationCell } from './organization-cell.tsx'
import { OrganizationMark } from './organization-mark.tsx'
import { askFor, listSearch, organizationsQuery, SESSIONS_COUNTED_TO } from './read-organizations.ts'

export const crumb = 'Organisations'

export function loader(client: QueryClient, search: OrganizationsSearch) {
  void client.prefetchQuery(organizationsQuery(search))
}

const states = [
  ['active', 'Active'],
  ['deleting', 'Being deleted'],
  ['all', 'All'],
] as const

function columnsFor({ isOld }: Seen, state: OrganizationsSearch['state']): readonly Column<Organization>[] {
  return [
    { head: 'Id', from: 'widest', width: 264, cell: ({ id }, tabIndex) => <Copyable value={id} tabIndex={tabIndex} /> },
    { head: 'Made', from: 'medium', width: 132, cell: ({ created_at }) => <TimeInTwoLines at={created_at} /> },
    { head: 'Members', align: 'end', width: 100, narrow: 88, cell: ({ members }) => sayNumber(members) },
    {
      head: 'Live sessions',
      from: state === undefined ? 'medium' : 'wide',
      align: 'end',
      width: 120,
      cell: ({ live_sessions }) => sayCountedTo(SESSIONS_COUNTED_TO, live_sessions),
    },
    // Where all are active a column that says so tells nothing.
    ...(state === undefined ? [] : [stateColumn(isOld)]),
  ]
}

function stateColumn(isOld: boolean): Column<Organization> {
  return {
    head: 'State',
    width: 152,
    narrow: 132,
    cell: (organization) => <OrganizationMark organization={organization} isOld={isOld} />,
  }
}

export function OrganizationsPage() {
  const search = listSearch(useSearch({ from: '/organizations' }))
  const { organizationId } = useParams({ strict: false })
  const reason = useReasonNotTo('organizations:write')
  const [isMaking, { open, close }] = useAsking(search.make === 'yes', {
    asking: to.organizations({ ...search, make: 'yes' }),
    silent: to.organizations({ ...search, make: undefined }),
  })
  const make = (
    <ActButton reason={reason} onClick={open}>
      Make an organisation
    </ActButton>
  )
  return (
    <>
      <ListPage
        title="Organisations"
        purpose="The customers of your product: their members, roles and invitations."
        one="organisation"
        many="organisations"
        actions={make}
        query={useQuery(organizationsQuery(search))}
        rowId={({ id }) => id}
        first={{ head: 'Organisation', cell: (organization) => <OrganizationCell organization={organization} /> }}
        columns={(seen) => columnsFor(seen, search.state)}
        linkTo={({ id }) => to.organization(id, search)}
        chosen={organizationId}
        search={search}
        linkFor={to.organizations}
        filters={<OrganizationFilters search={search} />}
        csv={{ name: 'organizations', path: api.organizations, filter: askFor(search), columns: csvColumns }}
        empty={
          <Empty title="There is no organisation yet" action={make}>
            <p>An organisation is a customer: its members act on its behalf, with roles that your applications read.</p>
          </Empty>
        }
      />
      {isMaking && <MakeOrganization reason={reason} onClose={close} />}
    </>
  )
}

function OrganizationFilters({ search }: { search: OrganizationsSearch }) {
  return (
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
        linkFor={(state) => to.organizations({ query: search.query, state: state === 'active' ? undefined : state })}
      />
    </>
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

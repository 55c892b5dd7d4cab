import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { PersonNotReady } from '../../api/wire/fail-over.ts'
import type { CsvColumn } from '../../list/csv.ts'
import { SegmentFilter, SelectFilter } from '../../list/filters.tsx'
import { ListPage } from '../../list/list-page.tsx'
import { OrganizationFilter } from '../../list/pick-filters.tsx'
import { api, to } from '../../paths.ts'
import type { AbleFilter, ReadinessPeopleSearch } from '../provider-search.ts'
import { NameCell } from '../../ui/name-cell.tsx'
import { Empty } from '../../ui/notice.tsx'
import { type Column, InsteadOfWide } from '../../ui/row-table.tsx'
import { TimeInTwoLines } from '../../ui/time.tsx'
import { sayUser } from '../../users/say-user.ts'
import { ProviderTabs } from '../provider-tabs.tsx'
import { providerQuery } from '../read-providers.ts'
import { AbleMark } from './able-mark.tsx'
import { CountedAt } from './counted-at.tsx'
import { askFor, peopleQuery, readinessQuery } from './read-readiness.ts'

export const crumb = 'People'

export function loader(client: QueryClient, providerId: string, search: ReadinessPeopleSearch) {
  void client.prefetchQuery(peopleQuery(providerId, search))
  void client.prefetchQuery(providerQuery(providerId))
  void client.prefetchQuery(readinessQuery)
}

const columns: readonly Column<PersonNotReady>[] = [
  { head: 'Could sign in', width: 184, narrow: 148, cell: ({ able }) => <AbleMark able={able} /> },
  { head: 'Why', from: 'wide', width: 340, grows: 40, cell: ({ means }) => means },
  {
    head: 'Last sign-in',
    from: 'medium',
    width: 132,
    cell: ({ last_sign_in_at }) => (last_sign_in_at ? <TimeInTwoLines at={last_sign_in_at} /> : 'Never'),
  },
]

/** Who could not, or only by less than a passkey: the people to ask before the day on which it matters. */
export function PeoplePage() {
  const { providerId } = useParams({ from: '/providers/readiness/$providerId' })
  const search = useSearch({ from: '/providers/readiness/$providerId' })
  const name = useQuery(providerQuery(providerId)).data?.name ?? providerId
  const people = useQuery(peopleQuery(providerId, search))
  const linkFor = (next: ReadinessPeopleSearch) => to.readinessPeople(providerId, next)
  const path = (ask: Parameters<typeof api.readinessPeople>[1]) => api.readinessPeople(providerId, ask)
  return (
    <ListPage
      title={`If ${name} died now`}
      purpose={
        <>
          Who could not sign in, or only by less than a passkey, and why. A passkey is enrolled on the account page in a
          minute. {people.data && <CountedAt at={countedAtOf(people.data)} isOld={false} />}
        </>
      }
      one="person"
      many="people"
      tabs={<ProviderTabs here="Readiness" />}
      query={people}
      rowId={({ user }) => user.id}
      first={{ head: 'Person', cell: (person) => <Person person={person} /> }}
      columns={() => columns}
      linkTo={({ user }) => to.user(user.id, { part: 'methods' })}
      search={search}
      linkFor={linkFor}
      filters={<PeopleFilters providerId={providerId} search={search} />}
      csv={{ name: 'not-ready', path, filter: askFor(search), columns: csvColumns }}
      empty={
        <Empty title="Nobody would be kept out">
          <p>
            Everybody who is active and comes through {name} could sign in without it, as far as could be found out. It
            is counted anew every ten minutes.
          </p>
        </Empty>
      }
    />
  )
}

/** It stands beside the rows of this list, and of no other. */
const countedAtOf = (page: object): string | null =>
  'counted_at' in page && typeof page.counted_at === 'string' ? page.counted_at : null

function Person({ person: { user, means } }: { person: PersonNotReady }) {
  return (
    <>
      <NameCell name={sayUser(user)}>{user.name ? user.email : null}</NameCell>
      <InsteadOfWide>{means}</InsteadOfWide>
    </>
  )
}

const choices: readonly (readonly [AbleFilter, string])[] = [
  ['no', 'Could not'],
  ['unknown', 'Not known'],
  ['email', 'E-mail only'],
  ['provider', 'Other provider'],
  ['all', 'All of these'],
]

function PeopleFilters({ providerId, search }: { providerId: string; search: ReadinessPeopleSearch }) {
  const all = useQuery(readinessQuery).data?.data ?? []
  const whys = all.find(({ provider }) => provider.id === providerId)?.whys ?? []
  const narrowed = (change: ReadinessPeopleSearch) =>
    to.readinessPeople(providerId, { ...search, ...change, cursor: undefined })
  return (
    <>
      <SegmentFilter
        label="How they could sign in"
        choices={choices}
        value={search.able ?? 'no'}
        linkFor={(able) => narrowed({ able: able === 'no' ? undefined : able, why: undefined })}
      />
      <SelectFilter
        label="Reason"
        placeholder="Any reason"
        choices={whys.map(({ why, means }) => [why, means] as const)}
        value={search.why}
        linkFor={(why) => narrowed({ why })}
      />
      <OrganizationFilter value={search.organization} linkFor={(organization) => narrowed({ organization })} />
    </>
  )
}

const csvColumns: readonly CsvColumn<PersonNotReady>[] = [
  { head: 'user_id', value: ({ user }) => user.id },
  { head: 'email', value: ({ user }) => user.email },
  { head: 'name', value: ({ user }) => user.name },
  { head: 'able', value: ({ able }) => able },
  { head: 'why', value: ({ why }) => why },
  { head: 'means', value: ({ means }) => means },
  { head: 'last_sign_in_at', value: ({ last_sign_in_at }) => last_sign_in_at },
]

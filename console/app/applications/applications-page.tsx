import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { Application } from '../api/wire/applications.ts'
import { ListPage } from '../list/list-page.tsx'
import { api, type ListSearch, to } from '../paths.ts'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { sayCountedTo } from '../ui/moment.ts'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { useAsking } from '../ui/use-asking.ts'
import { ApplicationCell } from './application-cell.tsx'
import { MakeApplication } from './make-application.tsx'
import { applicationsQuery, askFor, listSearch, SESSIONS_COUNTED_TO } from './read-applications.ts'
import { sayOnUnknown } from './say-on-unknown.ts'

export const crumb = 'Applications'

export function loader(client: QueryClient, search: ListSearch) {
  void client.prefetchQuery(applicationsQuery(search))
}

const columns: readonly Column<Application>[] = [
  { head: 'Id', from: 'widest', width: 264, cell: ({ id }, tabIndex) => <Copyable value={id} tabIndex={tabIndex} /> },
  { head: 'When unknown', from: 'wide', width: 140, cell: ({ on_unknown }) => sayOnUnknown(on_unknown) },
  { head: 'Made', from: 'medium', width: 132, cell: ({ created_at }) => <TimeInTwoLines at={created_at} /> },
  {
    head: 'Live sessions',
    align: 'end',
    width: 120,
    narrow: 104,
    cell: ({ live_sessions }) => sayCountedTo(SESSIONS_COUNTED_TO, live_sessions),
  },
]

export function ApplicationsPage() {
  const search = listSearch(useSearch({ from: '/applications' }))
  const { applicationId } = useParams({ strict: false })
  const reason = useReasonNotTo('applications:write')
  const [isMaking, { open, close }] = useAsking(search.make === 'yes', {
    asking: to.applications({ ...search, make: 'yes' }),
    silent: to.applications({ ...search, make: undefined }),
  })
  const make = (
    <ActButton reason={reason} onClick={open}>
      Make an application
    </ActButton>
  )
  return (
    <>
      <ListPage
        title="Applications"
        purpose="Your products that let people sign in here: where they live, their key, and how the hosted pages look for them."
        one="application"
        many="applications"
        actions={make}
        query={useQuery(applicationsQuery(search))}
        rowId={({ id }) => id}
        first={{ head: 'Application', cell: (application) => <ApplicationCell application={application} /> }}
        columns={() => columns}
        linkTo={({ id }) => to.application(id, search)}
        chosen={applicationId}
        search={search}
        linkFor={to.applications}
        filters={
          <SearchField
            label="Search applications"
            placeholder="Name, origin or id"
            value={search.query ?? ''}
            linkFor={(query) => to.applications({ ...search, query: query || undefined, cursor: undefined })}
          />
        }
        csv={{ name: 'applications', path: api.applications, filter: askFor(search), columns: csvColumns }}
        empty={
          <Empty title="There is no application yet" action={make}>
            <p>
              An application is a product of yours. It gets a key for its server, and the addresses it is served from.
            </p>
          </Empty>
        }
      />
      {isMaking && <MakeApplication reason={reason} onClose={close} />}
    </>
  )
}

const csvColumns = [
  { head: 'id', value: ({ id }: Application) => id },
  { head: 'name', value: ({ name }: Application) => name },
  { head: 'audience', value: ({ audience }: Application) => audience },
  { head: 'origins', value: ({ origins }: Application) => origins },
  { head: 'on_unknown', value: ({ on_unknown }: Application) => on_unknown.policy },
  { head: 'live_sessions', value: ({ live_sessions }: Application) => live_sessions },
  { head: 'created_at', value: ({ created_at }: Application) => created_at },
]

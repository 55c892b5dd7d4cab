import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { Segment } from '../api/wire/flags.ts'
import { Changed } from '../flags/changed.tsx'
import classes from '../flags/flags-page.module.css'
import { servedQuery } from '../flags/read-flags.ts'
import { SegmentFilter } from '../list/filters.tsx'
import { ListPage } from '../list/list-page.tsx'
import { type FlagsSearch, to } from '../paths.ts'
import { useReasonNotToChange } from '../flags/use-reason-not-to-change.ts'
import { ActButton } from '../ui/act-button.tsx'
import { sayCount } from '../ui/moment.ts'
import { NameCell } from '../ui/name-cell.tsx'
import { Empty } from '../ui/notice.tsx'
import { PlainMark } from '../ui/plain-mark.tsx'
import type { Column } from '../ui/row-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { useAsking } from '../ui/use-asking.ts'
import { MakeSegment } from './make-segment.tsx'
import { listSearch, segmentsQuery } from './read-segments.ts'
import { usersOf } from './users-of.ts'

export const crumb = 'Segments'

export function loader(client: QueryClient, search: FlagsSearch) {
  void client.prefetchQuery(segmentsQuery(search))
}

const states = [
  ['live', 'Live'],
  ['archived', 'Archived'],
  ['all', 'All'],
] as const

export function SegmentsPage() {
  const search = listSearch(useSearch({ from: '/segments' }))
  const reason = useReasonNotToChange('flags:write')
  const served = useQuery(servedQuery).data?.definition
  const [isMaking, { open, close }] = useAsking(search.make === 'yes', {
    asking: to.segments({ ...search, make: 'yes' }),
    silent: to.segments({ ...search, make: undefined }),
  })
  const make = (
    <ActButton reason={reason} onClick={open}>
      Make a segment
    </ActButton>
  )
  const columns: readonly Column<Segment>[] = [
    {
      head: 'Who',
      from: 'wide',
      width: 320,
      grows: 44,
      cell: ({ sentence, archived_at }) =>
        archived_at ? <PlainMark>Archived</PlainMark> : <span className={classes.sentence}>{sentence}</span>,
    },
    {
      head: 'Used by',
      width: 112,
      narrow: 96,
      cell: ({ key }) => (served ? sayCount(usersOf(key, served).length, 'flag') : 'not known'),
    },
    { head: 'Changed', from: 'medium', width: 152, cell: (segment) => <Changed of={segment} /> },
  ]
  return (
    <>
      <ListPage
        title="Segments"
        purpose="Rules with a name, which flags ask: said once, changed in one place."
        one="segment"
        many="segments"
        actions={make}
        query={useQuery(segmentsQuery(search))}
        rowId={({ key }) => key}
        first={{
          head: 'Segment',
          cell: ({ key, name }) => <NameCell name={name ?? key}>{name ? key : null}</NameCell>,
        }}
        columns={() => columns}
        linkTo={({ key }) => to.segment(key)}
        search={search}
        linkFor={to.segments}
        filters={
          <>
            <SearchField
              label="Search segments"
              placeholder="Key, name or description"
              value={search.query ?? ''}
              linkFor={(query) => to.segments({ ...search, query: query || undefined, cursor: undefined })}
            />
            <SegmentFilter
              label="State"
              choices={states}
              value={search.state ?? 'live'}
              linkFor={(state) => to.segments({ query: search.query, state: state === 'live' ? undefined : state })}
            />
          </>
        }
        empty={
          <Empty title="There is no segment yet" action={make}>
            <p>
              A segment says once who is meant, such as “beta testers: e-mail ends with @acme.test”. Flags ask it by its
              key, and all of them follow when it changes.
            </p>
          </Empty>
        }
      />
      {isMaking && <MakeSegment reason={reason} onClose={close} />}
    </>
  )
}

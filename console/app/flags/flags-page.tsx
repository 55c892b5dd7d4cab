import { Code } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { FlagRow } from '../api/wire/flags.ts'
import { SegmentFilter } from '../list/filters.tsx'
import { ListPage } from '../list/list-page.tsx'
import { api, type FlagsSearch, to } from '../paths.ts'
import type { Seen } from '../reading/reading.tsx'
import { useReasonNotToChange } from './use-reason-not-to-change.ts'
import { ActButton } from '../ui/act-button.tsx'
import { NameCell } from '../ui/name-cell.tsx'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { useAsking } from '../ui/use-asking.ts'
import { Changed } from './changed.tsx'
import { FlagMark } from './flag-mark.tsx'
import { FlagTabs } from './flag-tabs.tsx'
import classes from './flags-page.module.css'
import { MakeFlag } from './make-flag.tsx'
import { askFor, flagsQuery, listSearch } from './read-flags.ts'
import { StandingNotice } from './standing-notice.tsx'
import { Tags } from './tags.tsx'
import { types } from './flag-types.ts'

export const crumb = 'Flags'

export function loader(client: QueryClient, search: FlagsSearch) {
  void client.prefetchQuery(flagsQuery(search))
}

const states = [
  ['live', 'Live'],
  ['archived', 'Archived'],
  ['all', 'All'],
] as const

function columnsFor({ isOld }: Seen, isServed: boolean): readonly Column<FlagRow>[] {
  return [
    {
      head: 'Rule',
      from: 'wide',
      width: 300,
      grows: 36,
      cell: ({ sentence }) => <span className={classes.sentence}>{sentence}</span>,
    },
    { head: 'State', width: 96, cell: (flag) => <FlagMark flag={flag} isOld={isOld && !isServed} /> },
    {
      head: 'Type',
      from: 'widest',
      width: 112,
      cell: ({ type, is_client }) => <NameCell name={types[type].name}>{is_client ? 'browsers too' : null}</NameCell>,
    },
    { head: 'Tags', from: 'widest', width: 144, cell: ({ tags }) => <Tags tags={tags} /> },
    { head: 'Changed', from: 'medium', width: 136, cell: (flag) => <Changed of={flag} /> },
  ]
}

export function FlagsPage() {
  const search = listSearch(useSearch({ from: '/flags' }))
  const flags = useQuery(flagsQuery(search))
  const reason = useReasonNotToChange('flags:write')
  const isServed = flags.data?.isServed === true
  const [isMaking, { open, close }] = useAsking(search.make === 'yes', {
    asking: to.flags({ ...search, make: 'yes' }),
    silent: to.flags({ ...search, make: undefined }),
  })
  const make = (
    <ActButton reason={reason} onClick={open}>
      Make a flag
    </ActButton>
  )
  return (
    <>
      <ListPage
        title="Flags"
        purpose="What is on for whom in your product, without a deployment."
        one="flag"
        many="flags"
        actions={make}
        tabs={
          <>
            <FlagTabs here="Flags" />
            {flags.data && (
              <StandingNotice standing={flags.data.standing} {...(isServed && { number: flags.data.number })} />
            )}
          </>
        }
        query={flags}
        rowId={({ key }) => key}
        first={{ head: 'Flag', cell: (flag) => <FlagCell flag={flag} /> }}
        columns={(seen) => columnsFor(seen, isServed)}
        linkTo={({ key }) => to.flag(key)}
        search={search}
        linkFor={to.flags}
        filters={<FlagFilters search={search} />}
        csv={{ name: 'flags', path: api.flags, filter: askFor(search), columns: csvColumns }}
        empty={<NoFlags make={make} />}
      />
      {isMaking && <MakeFlag reason={reason} onClose={close} />}
    </>
  )
}

/** Where the table has no room for a column of rules, the rule stands beneath the name. */
function FlagCell({ flag: { key, name, sentence } }: { flag: FlagRow }) {
  return (
    <>
      <NameCell name={name ?? key}>{name ? key : null}</NameCell>
      <span className={classes.beneath}>{sentence}</span>
    </>
  )
}

function FlagFilters({ search }: { search: FlagsSearch }) {
  return (
    <>
      <SearchField
        label="Search flags"
        placeholder="Key, name or description"
        value={search.query ?? ''}
        linkFor={(query) => to.flags({ ...search, query: query || undefined, cursor: undefined })}
      />
      <SearchField
        label="Tag"
        placeholder="Tag"
        value={search.tag ?? ''}
        linkFor={(tag) => to.flags({ ...search, tag: tag || undefined, cursor: undefined })}
      />
      <SegmentFilter
        label="State"
        choices={states}
        value={search.state ?? 'live'}
        linkFor={(state) =>
          to.flags({ query: search.query, tag: search.tag, state: state === 'live' ? undefined : state })
        }
      />
    </>
  )
}

/** The first flag takes a minute, and this says which one. */
function NoFlags({ make }: { make: React.ReactNode }) {
  return (
    <Empty title="There is no flag yet" action={make}>
      <p>A flag is a question that your product asks for each user: may they see it? The first takes a minute:</p>
      <ol className={classes.steps}>
        <li>1. Make a flag: a key, such as new-view. It is off for everybody.</li>
        <li>
          2. Ask it in your code: <Code>holdfast.flags.boolean('new-view', false, {'{ targetingKey: user.id }'})</Code>
        </li>
        <li>3. Turn it on for one organisation, then for 25 %, and look up why somebody got what they got.</li>
      </ol>
    </Empty>
  )
}

const csvColumns = [
  { head: 'key', value: ({ key }: FlagRow) => key },
  { head: 'name', value: ({ name }: FlagRow) => name },
  { head: 'is_enabled', value: ({ is_enabled }: FlagRow) => is_enabled },
  { head: 'type', value: ({ type }: FlagRow) => type },
  { head: 'rule', value: ({ sentence }: FlagRow) => sentence },
  { head: 'tags', value: ({ tags }: FlagRow) => tags },
  { head: 'changed_at', value: ({ changed_at }: FlagRow) => changed_at },
  { head: 'changed_by', value: ({ changed_by }: FlagRow) => changed_by.id },
  { head: 'archived_at', value: ({ archived_at }: FlagRow) => archived_at },
]

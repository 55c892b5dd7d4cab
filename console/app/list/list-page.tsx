import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { Link, type LinkProps, Outlet } from '@tanstack/react-router'
import type { Page as PageOf } from '../api/wire.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { sayCount } from '../ui/moment.ts'
import { Empty } from '../ui/notice.tsx'
import { Filters, Page, Split } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { type Column, RowTable } from '../ui/row-table.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { type Csv, DownloadCsv } from './download-csv.tsx'

interface ListPageProps<Row, Search extends { cursor?: string | undefined }> {
  title: string
  /** One line that says what the list is for. */
  purpose: React.ReactNode
  /** What one row and many are called, in the middle of a sentence. */
  one: string
  many: string
  /** Buttons beside the title. */
  actions?: React.ReactNode
  /** Pages beside this one: see `LinkTabs`. */
  tabs?: React.ReactNode
  /** Fields above the list, each bound to the address. */
  filters?: React.ReactNode
  query: UseQueryResult<PageOf<Row>>
  rowId: (row: Row) => string
  first: { head: string; cell: (row: Row) => React.ReactNode }
  columns: (seen: Seen) => readonly Column<Row>[]
  linkTo?: (row: Row) => LinkProps
  chosen?: string | undefined
  /** What the address holds, and how an address is made of it. */
  search: Search
  linkFor: (search: Search) => LinkProps
  /** What this is for, and the one button or command that makes the first. */
  empty: React.ReactNode
  csv?: Csv<Row>
}

/** What every list is: title, purpose, filters in the address, rows, age; and beside it the panel of one row. */
export function ListPage<Row, Search extends { cursor?: string | undefined }>(props: ListPageProps<Row, Search>) {
  const { title, purpose, many, actions, tabs, filters, query } = props
  return (
    <Split panel={<Outlet />}>
      <Page title={title} purpose={purpose} actions={actions} tabs={tabs}>
        {filters && <Filters>{filters}</Filters>}
        <Reading query={query} about={many} waiting={<RowsToCome />}>
          {(page, seen) => <Rows {...props} page={page} seen={seen} />}
        </Reading>
      </Page>
    </Split>
  )
}

type RowsProps<Row, Search extends { cursor?: string | undefined }> = ListPageProps<Row, Search> & {
  page: PageOf<Row>
  seen: Seen
}

function Rows<Row, Search extends { cursor?: string | undefined }>(props: RowsProps<Row, Search>) {
  const { page, seen, title, one, many, columns, search, linkFor, empty } = props
  const { rowId, first, linkTo, chosen, csv } = props
  if (page.data.length === 0)
    return isNarrowed(search) ? (
      <NoMatch title={noMatch(one, many, search)} many={many} all={linkFor({} as Search)} />
    ) : (
      empty
    )
  return (
    <>
      <RowTable
        label={title}
        rows={page.data}
        rowId={rowId}
        first={first}
        columns={columns(seen)}
        {...(linkTo && { linkTo })}
        chosen={chosen}
        isOld={seen.isOld}
      />
      <Pager
        first={search.cursor ? linkFor({ ...search, cursor: undefined }) : null}
        next={page.next_cursor ? linkFor({ ...search, cursor: page.next_cursor }) : null}
        aside={csv && <DownloadCsv {...csv} />}
      >
        <span>{sayCount(page.data.length, one, many)} on this page</span>
        <ReadAt seen={seen} />
      </Pager>
    </>
  )
}

/** `make` opens a form and narrows nothing. */
function isNarrowed(search: object): boolean {
  return Object.entries(search).some(([name, value]) => value !== undefined && name !== 'make')
}

function noMatch(one: string, many: string, search: { query?: string | undefined; cursor?: string | undefined }) {
  if (search.cursor) return `There are no more ${many}`
  return search.query ? `No ${one} matches “${search.query}”` : `No ${one} matches these filters`
}

function NoMatch({ title, many, all }: { title: string; many: string; all: LinkProps }) {
  return (
    <Empty
      title={title}
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...all} />}>
          Show all {many}
        </Button>
      }
    >
      <p>The filters stand in the address of this page; without them everything is listed.</p>
    </Empty>
  )
}

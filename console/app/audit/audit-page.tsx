import { Code } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { AuditEntry } from '../api/wire/audit.ts'
import { MomentFilter, MoreFilters, SelectFilter } from '../list/filters.tsx'
import { ListPage } from '../list/list-page.tsx'
import { OrganizationFilter, UserFilter } from '../list/pick-filters.tsx'
import { type AuditSearch, to } from '../paths.ts'
import { NameCell } from '../ui/name-cell.tsx'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { actionChoices } from './actions.ts'
import classes from './audit-page.module.css'
import { ExportAudit } from './export-audit.tsx'
import { auditQuery, sealQuery } from './read-audit.ts'
import { sayKind, sayParty } from './say-party.ts'
import { SealMark } from './seal-mark.tsx'

export const crumb = 'Audit'

export function loader(client: QueryClient, search: AuditSearch) {
  void client.prefetchQuery(auditQuery(search))
  void client.prefetchQuery(sealQuery)
}

const columns: readonly Column<AuditEntry>[] = [
  {
    head: 'By',
    from: 'medium',
    width: 220,
    cell: ({ actor, impersonator }) =>
      impersonator ? (
        <NameCell name={impersonator.label ?? impersonator.id}>as {sayParty(actor)}</NameCell>
      ) : (
        <span className={classes.cut}>{sayParty(actor)}</span>
      ),
  },
  {
    head: 'To',
    from: 'wide',
    width: 220,
    cell: ({ subject }) => <NameCell name={sayParty(subject)}>{sayKind(subject.kind)}</NameCell>,
  },
  { head: 'When', width: 120, narrow: 104, cell: ({ at }) => <TimeInTwoLines at={at} /> },
]

export function AuditPage() {
  const search = useSearch({ from: '/audit' })
  const { entryId } = useParams({ strict: false })
  return (
    <ListPage
      title="Audit"
      purpose="Who did what to whom, written down in the very transaction that did it."
      one="entry"
      many="entries"
      query={useQuery(auditQuery(search))}
      rowId={({ id }) => id}
      first={{ head: 'What', cell: ({ text, action }) => <NameCell name={text}>{action}</NameCell> }}
      columns={() => columns}
      linkTo={({ id }) => to.auditEntry(id, search)}
      chosen={entryId}
      search={search}
      linkFor={to.audit}
      actions={
        <>
          <SealMark />
          <ExportAudit search={search} />
        </>
      }
      filters={<AuditFilters search={search} />}
      empty={
        <Empty title="Nothing was done here yet">
          <p>
            Every change that somebody makes, here, by the API or by <Code>holdfast</Code>, is written down with who,
            when and from where. Make an application, and it is the first entry.
          </p>
        </Empty>
      }
    />
  )
}

function AuditFilters({ search }: { search: AuditSearch }) {
  const narrowed = (change: AuditSearch) => to.audit({ ...search, ...change, cursor: undefined })
  return (
    <>
      <SearchField
        label="Subject"
        placeholder="To what or whom: any id"
        value={search.subject ?? ''}
        linkFor={(subject) => narrowed({ subject: subject || undefined })}
      />
      <UserFilter
        label="Actor"
        placeholder="By anybody"
        value={search.actor}
        linkFor={(actor) => narrowed({ actor })}
      />
      <SelectFilter
        label="Action"
        placeholder="Any action"
        choices={actionChoices}
        value={search.action}
        linkFor={(action) => narrowed({ action })}
      />
      <MoreFilters chosen={[search.organization, search.from, search.to]}>
        <OrganizationFilter value={search.organization} linkFor={(organization) => narrowed({ organization })} />
        <MomentFilter label="From" value={search.from} linkFor={(from) => narrowed({ from })} />
        <MomentFilter label="To" value={search.to} linkFor={(until) => narrowed({ to: until })} />
      </MoreFilters>
    </>
  )
}

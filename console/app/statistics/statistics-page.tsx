import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Range, Statistics } from '../api/wire/statistics.ts'
import { csvOf } from '../list/csv.ts'
import { SegmentFilter } from '../list/filters.tsx'
import { OrganizationFilter } from '../list/pick-filters.tsx'
import { type StatisticsSearch, to } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { Card } from '../ui/card.tsx'
import { Filters, Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { saveFile } from '../ui/save-file.ts'
import { Ago } from '../ui/time.tsx'
import { Chart } from './chart.tsx'
import { csvColumns, csvRowsOf } from './csv-rows.ts'
import { type Frame, framesOf } from './frame.ts'
import { FrameTable } from './frame-table.tsx'
import { statisticsQuery } from './read-statistics.ts'
import classes from './statistics-page.module.css'
import { Totals } from './totals.tsx'

export const crumb = 'Statistics'

const query = ({ range, organization }: StatisticsSearch) => statisticsQuery(range ?? 'hour', organization)

export function loader(client: QueryClient, search: StatisticsSearch) {
  void client.prefetchQuery(query(search))
}

const ranges: readonly (readonly [Range, string])[] = [
  ['hour', 'Last hour'],
  ['day', 'Last day'],
  ['month', 'Last 30 days'],
]

export function StatisticsPage() {
  const search = useSearch({ from: '/statistics' })
  return (
    <Page title="Statistics" purpose="How many sign in, how, how well and how fast. Without a person in any of it.">
      <Filters>
        <SegmentFilter
          label="Range"
          choices={ranges}
          value={search.range ?? 'hour'}
          linkFor={(range) => to.statistics({ ...search, range: range === 'hour' ? undefined : range })}
        />
        <OrganizationFilter
          placeholder="All organisations"
          width="pick"
          value={search.organization}
          linkFor={(organization) => to.statistics({ ...search, organization })}
        />
        <div className={classes.as}>
          <SegmentFilter
            label="Shown as"
            choices={[
              ['charts', 'Charts'],
              ['tables', 'Tables'],
            ]}
            value={search.as ?? 'charts'}
            linkFor={(as) => to.statistics({ ...search, as: as === 'tables' ? as : undefined })}
          />
        </div>
      </Filters>
      <Reading query={useQuery(query(search))} about="statistics" waiting={<RowsToCome />}>
        {(statistics, seen) => <Shown statistics={statistics} seen={seen} as={search.as} />}
      </Reading>
    </Page>
  )
}

interface ShownProps {
  statistics: Statistics
  seen: Seen
  as: StatisticsSearch['as']
}

function Shown({ statistics, seen, as }: ShownProps) {
  const frames = useMemo(() => framesOf(statistics), [statistics])
  return (
    <div className={classes.all} data-as={as}>
      <Totals totals={statistics.totals} isOld={seen.isOld} />
      {frames.map((frame) => (
        <FrameCard key={frame.name} frame={frame} stepS={statistics.step_s} />
      ))}
      <Pager first={null} next={null} aside={<Download statistics={statistics} />}>
        {statistics.as_of && (
          <span>
            Counted up to <Ago at={statistics.as_of} />
          </span>
        )}
        <ReadAt seen={seen} />
      </Pager>
    </div>
  )
}

function FrameCard({ frame, stepS }: { frame: Frame; stepS: number }) {
  return (
    <Card title={frame.name} aside={<span className={classes.about}>{frame.about}</span>}>
      <div className={classes.frame}>
        <div className={classes.drawn}>
          <Chart frame={frame} stepS={stepS} />
        </div>
        <div className={classes.read}>
          <FrameTable frame={frame} stepS={stepS} />
        </div>
      </div>
    </Card>
  )
}

function Download({ statistics }: { statistics: Statistics }) {
  return (
    <Button
      variant="subtle"
      leftSection={<IconDownload size={14} />}
      onClick={() =>
        saveFile(
          `statistics-${statistics.range}.csv`,
          'text/csv;charset=utf-8',
          csvOf(csvRowsOf(statistics), csvColumns),
        )
      }
    >
      Download CSV
    </Button>
  )
}

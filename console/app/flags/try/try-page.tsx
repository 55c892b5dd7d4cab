import { compileFlags, type Definition, type Explanation } from '@holdfast/sdk/evaluate'
import { TARGETING_KEY } from '@holdfast/sdk/flag-rules'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type FlagTrySearch, to } from '../../paths.ts'
import { ReadAt, Reading, type Seen } from '../../reading/reading.tsx'
import { useClock } from '../../ui/clock.tsx'
import { sayCount } from '../../ui/moment.ts'
import { NameCell } from '../../ui/name-cell.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { type Column, RowTable } from '../../ui/row-table.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { attributesIn } from '../edit/attributes.ts'
import { FlagTabs } from '../flag-tabs.tsx'
import { servedQuery } from '../read-flags.ts'
import { sayValue } from './answer.tsx'
import { ContextForm } from './context-form.tsx'
import { type Context, readContext } from './context.ts'
import classes from './try.module.css'
import { tryFlags } from './try-flags.ts'

export const crumb = 'Try it'

export function loader(client: QueryClient) {
  void client.prefetchQuery(servedQuery)
}

/** A form of more fields nobody fills in; the JSON takes the rest. */
const ATTRIBUTES_MAX = 8
/** More rows at once nobody reads; the search finds the one. */
const ROWS_MAX = 200
/** Rules may look at the clock: answers are worked out anew so often, and not with each tick of the page. */
const STEP_MS = 10_000

const columns: readonly Column<Explanation>[] = [
  {
    head: 'Answer',
    width: 120,
    cell: ({ evaluation }) => (evaluation.variant ? <code>{evaluation.variant}</code> : 'code default'),
  },
  { head: 'Value', from: 'widest', width: 160, cell: ({ evaluation }) => <code>{sayValue(evaluation.value)}</code> },
  { head: 'Why', from: 'medium', width: 260, cell: ({ because }) => because },
]

/** What does one user get, of everything there is? */
export function TryPage() {
  return (
    <Page
      title="Try it"
      purpose="What somebody gets, of all flags, and why. Nothing is sent to applications and nothing is changed."
      tabs={<FlagTabs here="Try it" />}
    >
      <Reading query={useQuery(servedQuery)} about="flags that are served" waiting={<RowsToCome />}>
        {({ definition, number }, seen) => <TryAll definition={definition} number={number} seen={seen} />}
      </Reading>
    </Page>
  )
}

interface TryAllProps {
  definition: Definition
  number: string
  seen: Seen
}

function TryAll({ definition, number, seen }: TryAllProps) {
  const search = useSearch({ from: '/flags/try' })
  const navigate = useNavigate()
  const { serverNowMs } = useClock()
  const read = readContext(search.context ?? '')
  const context = 'context' in read ? read.context : {}
  const go = (change: FlagTrySearch) => to.flagTry({ ...search, ...change })
  const { attributes, all } = useAnswers(definition, search.context ?? '', context, serverNowMs)
  const sought = (search.query ?? '').toLowerCase()
  const shown = all.filter(({ key }) => key.toLowerCase().includes(sought))
  return (
    <div className={classes.try}>
      <ContextForm
        context={context}
        attributes={attributes}
        onChange={(next) =>
          void navigate({ ...go({ context: JSON.stringify(next) }), replace: true, resetScroll: false })
        }
      />
      <div className={classes.all}>
        <SearchField
          label="Search flags"
          placeholder="Key"
          value={search.query ?? ''}
          linkFor={(query) => go({ query: query || undefined })}
        />
        {shown.length === 0 ? (
          <Empty title={all.length === 0 ? 'No flag is served yet' : `No flag matches “${search.query}”`}>
            <p>Make a flag, and what it answers stands here.</p>
          </Empty>
        ) : (
          <>
            <RowTable
              label="Answers"
              rows={shown.slice(0, ROWS_MAX)}
              rowId={({ key }) => key}
              first={{
                head: 'Flag',
                cell: ({ key, evaluation }) => <NameCell name={key}>{evaluation.reason}</NameCell>,
              }}
              columns={columns}
              linkTo={({ key }) => to.flag(key, { part: 'try', context: search.context })}
              isOld={false}
            />
            <Pager first={null} next={null}>
              <span>
                {sayCount(shown.length, 'flag')}, as access serves them: {number}
              </span>
              <ReadAt seen={seen} />
            </Pager>
          </>
        )}
      </div>
    </div>
  )
}

function useAnswers(definition: Definition, text: string, context: Context, nowMs: number) {
  const atMs = Math.floor(nowMs / STEP_MS) * STEP_MS
  const compiled = useMemo(() => compileFlags(definition), [definition])
  const attributes = useMemo(() => {
    const found = attributesIn(
      Object.values(definition.flags).map(({ targeting }) => targeting),
      definition.$evaluators,
    )
    return [TARGETING_KEY, ...found.filter((name) => name !== TARGETING_KEY)].slice(0, ATTRIBUTES_MAX)
  }, [definition])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the context is made of the text anew with each drawing.
  const all = useMemo(() => tryFlags(compiled, { context, nowMs: atMs }), [compiled, text, atMs])
  return { attributes, all }
}

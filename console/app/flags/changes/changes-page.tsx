import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { SegmentFilter } from '../../list/filters.tsx'
import { type FlagChangesSearch, to } from '../../paths.ts'
import { ReadAt, Reading } from '../../reading/reading.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { sayCount } from '../../ui/moment.ts'
import { Empty } from '../../ui/notice.tsx'
import { Filters, Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { FlagTabs } from '../flag-tabs.tsx'
import { changesQuery } from '../read-flags.ts'
import { useReasonNotToChange } from '../use-reason-not-to-change.ts'
import { ChangeList } from './change-list.tsx'
import { RestoreFlags } from './restore-flags.tsx'
import { RotateKey } from './rotate-key.tsx'

export const crumb = 'History'

export function loader(client: QueryClient, search: FlagChangesSearch) {
  void client.prefetchQuery(changesQuery(search))
}

const kinds = [
  ['all', 'All'],
  ['flag', 'Flags'],
  ['segment', 'Segments'],
] as const

/** Everything that was done to flags and segments, and the way back to an instant. */
export function ChangesPage() {
  const search = useSearch({ from: '/flags/changes' })
  const navigate = useNavigate()
  const reason = useReasonNotTo('flags:restore')
  // A restore is the way out of held flags; another key is not.
  const mayNotRotate = useReasonNotToChange('flags:restore')
  const go = (change: FlagChangesSearch) => to.flagChanges({ ...search, cursor: undefined, ...change })
  const link = (cursor: string | undefined) => to.flagChanges({ ...search, cursor })
  const close = () => void navigate({ ...go({ ask: undefined }), replace: true })
  const isNarrowed = search.key !== undefined || search.kind !== undefined || search.cursor !== undefined
  return (
    <Page
      title="History"
      purpose="What was done to flags and segments, each change with its way back."
      tabs={<FlagTabs here="History" />}
      actions={
        <>
          <ActButton variant="default" reason={mayNotRotate} onClick={() => void navigate(go({ ask: 'rotate-key' }))}>
            Rotate signing key
          </ActButton>
          <ActButton variant="default" reason={reason} onClick={() => void navigate(go({ ask: 'restore' }))}>
            Restore to an instant
          </ActButton>
        </>
      }
    >
      <Filters>
        <SearchField
          label="Flag or segment"
          placeholder="Key of one flag or segment"
          value={search.key ?? ''}
          linkFor={(key) => go({ key: key || undefined })}
        />
        <SegmentFilter
          label="Of what"
          choices={kinds}
          value={search.kind ?? 'all'}
          linkFor={(kind) => go({ kind: kind === 'all' ? undefined : kind })}
        />
      </Filters>
      <Reading query={useQuery(changesQuery(search))} about="history of flags" waiting={<RowsToCome />}>
        {({ data, next_cursor }, seen) =>
          data.length === 0 ? (
            <Empty title={isNarrowed ? 'Nothing was done to this' : 'Nothing was done yet'}>
              <p>Every change of a flag stands here: who, what exactly, why, and the button that undoes it.</p>
            </Empty>
          ) : (
            <>
              <ChangeList changes={data} isNamed isOld={seen.isOld} />
              <Pager first={search.cursor ? link(undefined) : null} next={next_cursor ? link(next_cursor) : null}>
                <span>{sayCount(data.length, 'change')} on this page</span>
                <ReadAt seen={seen} />
              </Pager>
            </>
          )
        }
      </Reading>
      {search.ask === 'rotate-key' && <RotateKey mayNot={mayNotRotate} onClose={close} />}
      {search.ask && search.ask !== 'rotate-key' && <RestoreFlags how={search.ask} reason={reason} onClose={close} />}
    </Page>
  )
}

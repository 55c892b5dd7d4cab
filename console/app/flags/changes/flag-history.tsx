import { useQuery } from '@tanstack/react-query'
import type { Flag } from '../../api/wire/flags.ts'
import { to } from '../../paths.ts'
import { ReadAt, Reading } from '../../reading/reading.tsx'
import { sayCount } from '../../ui/moment.ts'
import { Empty } from '../../ui/notice.tsx'
import { Pager } from '../../ui/pager.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { changesQuery } from '../read-flags.ts'
import { ChangeList } from './change-list.tsx'

/** What was done to one flag. */
export function FlagHistory({ flag, cursor }: { flag: Flag; cursor: string | undefined }) {
  const changes = useQuery(changesQuery({ key: flag.key, kind: 'flag', cursor }))
  const link = (next: string | undefined) => to.flag(flag.key, { part: 'history', cursor: next })
  return (
    <Reading query={changes} about="history of this flag" waiting={<RowsToCome rows={4} />}>
      {({ data, next_cursor }, seen) =>
        data.length === 0 ? (
          <Empty title="Nothing is written down of this flag">
            <p>Each change is, from the first on. This log begins later than the flag.</p>
          </Empty>
        ) : (
          <>
            <ChangeList changes={data} isNamed={false} isOld={seen.isOld} />
            <Pager first={cursor ? link(undefined) : null} next={next_cursor ? link(next_cursor) : null}>
              <span>{sayCount(data.length, 'change')} on this page</span>
              <ReadAt seen={seen} />
            </Pager>
          </>
        )
      }
    </Reading>
  )
}

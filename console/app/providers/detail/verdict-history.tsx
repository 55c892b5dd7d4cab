import { useQuery } from '@tanstack/react-query'
import type { Provider, VerdictChange } from '../../api/wire/providers.ts'
import { to } from '../../paths.ts'
import { ReadAt, Reading } from '../../reading/reading.tsx'
import { sayCount } from '../../ui/moment.ts'
import { Empty } from '../../ui/notice.tsx'
import { Pager } from '../../ui/pager.tsx'
import { PlainMark } from '../../ui/plain-mark.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Time } from '../../ui/time.tsx'
import { historyQuery } from '../read-providers.ts'
import { markOf, sayProcesses, sayState } from '../say-verdict.ts'
import classes from './verdict-history.module.css'

/** Every change of what was held of it, newest first, and by whom. */
export function VerdictHistory({ provider, cursor }: { provider: Provider; cursor: string | undefined }) {
  const link = (next: string | undefined) => to.provider(provider.id, { part: 'history', cursor: next })
  return (
    <Reading
      query={useQuery(historyQuery(provider.id, cursor))}
      about="history of this provider"
      waiting={<RowsToCome rows={4} />}
    >
      {({ data, next_cursor }, seen) =>
        data.length === 0 ? (
          <Empty title="Nothing has changed yet">
            <p>Each change of its state is written down here, with what it rested on: the first when it is enabled.</p>
          </Empty>
        ) : (
          <>
            <ol className={classes.changes} aria-label="History" data-old={seen.isOld || undefined}>
              {data.map((change) => (
                <OneChange key={change.epoch} change={change} />
              ))}
            </ol>
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

function OneChange({ change: { at, state, is_open, by, why, epoch } }: { change: VerdictChange }) {
  return (
    <li className={classes.change}>
      <div className={classes.marks}>
        <StateMark state={markOf(state)}>{sayState(state)}</StateMark>
        <PlainMark>{is_open ? 'Fall-back open' : 'Fall-back closed'}</PlainMark>
      </div>
      <div>
        <p className={classes.why}>{why.sentence}</p>
        <p className={classes.when}>
          <Time at={at} />
          <span>
            By {by === 'holdfast' ? 'Holdfast' : <TextLink to={to.user(by)}>an administrator</TextLink>}, change {epoch}
          </span>
          {by === 'holdfast' && <span>{sayProcesses(why)}</span>}
        </p>
      </div>
    </li>
  )
}

import type { UseQueryResult } from '@tanstack/react-query'
import { isFailure, isOutage } from '../api/failure.ts'
import { useClock } from '../ui/clock.tsx'
import { Empty, Notice } from '../ui/notice.tsx'
import { StateGlyph } from '../ui/state-mark.tsx'
import { Ago, Time } from '../ui/time.tsx'
import { Failed } from './failed.tsx'
import { useLastFailure } from './last-failure.ts'
import type { Outage } from './outage.ts'
import { useOutage } from './use-outage.ts'
import { OutageSentence } from './outage-notice.tsx'
import classes from './reading.module.css'

/** When something was read, and whether it may have changed since without our knowing. */
export interface Seen {
  readAt: string
  isOld: boolean
}

interface ReadingProps<Data> {
  query: UseQueryResult<Data>
  /** What the answer would be about, for the sentence that says we do not have it: "users". */
  about: string
  waiting: React.ReactNode
  notFound?: React.ReactNode
  children: (data: Data, seen: Seen) => React.ReactNode
}

/**
 * The one place that decides what is shown of an answer: itself, itself as old, that it cannot be known, or what went
 * wrong. An outage never looks like an empty list, and what was read before stays on the screen.
 */
export function Reading<Data>({ query, about, waiting, notFound, children }: ReadingProps<Data>) {
  const failure = useLastFailure(query)
  const outage = useOutage()
  const { asWritten } = useClock()

  if (isFailure(failure, 'not-found') && notFound) return notFound
  if (query.data !== undefined) {
    const isOld = isOutage(failure) || outage !== null
    const shown = children(query.data, { readAt: asWritten(query.dataUpdatedAt), isOld })
    return failure && !isOutage(failure) ? (
      <>
        <Failed failure={failure} />
        {shown}
      </>
    ) : (
      shown
    )
  }
  if (isFailure(failure, 'forbidden')) return <NotShown about={about} sentence={failure.message} />
  if (isOutage(failure)) return <CannotKnow about={about} outage={outage ?? outageSaidBy(failure)} />
  if (failure) return <Failed failure={failure} />
  return waiting
}

function outageSaidBy(failure: { kind: string; problem: { since?: string; detail: string } | null }): Outage {
  const of = failure.kind === 'silent' ? 'access' : 'database'
  return { of, since: failure.problem?.since ?? null, detail: failure.problem?.detail ?? null }
}

function CannotKnow({ about, outage }: { about: string; outage: Outage }) {
  return (
    <Notice state="unknown" role="status" title={`The ${about} cannot be known for now`}>
      <p>
        <OutageSentence outage={outage} /> This page was opened after that, so there is nothing older to show. It fills
        by itself when the answer comes.
      </p>
    </Notice>
  )
}

/** What a role does not let somebody see is no error: it is said, with the way on. */
function NotShown({ about, sentence }: { about: string; sentence: string }) {
  return (
    <Empty title={`Your role does not show you the ${about}`}>
      <p>{sentence} An administrator of this installation can see them, and can change your role.</p>
    </Empty>
  )
}

/** The age of what is shown, at the foot of every list. */
export function ReadAt({ seen }: { seen: Seen }) {
  if (!seen.isOld) {
    return (
      <span>
        Read <Ago at={seen.readAt} />
      </span>
    )
  }
  return (
    <span className={classes.old}>
      <StateGlyph state="unknown" />
      <span>
        Read <Time at={seen.readAt} />, not known since
      </span>
    </span>
  )
}

import { Notice } from '../ui/notice.tsx'
import { Lasting, Moment } from '../ui/time.tsx'
import type { Outage } from './outage.ts'

const names: Record<Outage['of'], string> = { access: 'Access', database: 'The database' }

/**
 * `The database has not answered since 02:13 (4 min).` The part that ticks is hidden from screen readers, which would
 * read the whole notice out every second.
 */
export function OutageSentence({ outage }: { outage: Outage }) {
  const { of, since } = outage
  if (!since) return <>{names[of]} does not answer.</>
  return (
    <>
      {names[of]} has not answered since <Moment at={since} />
      <span aria-hidden="true">
        {' ('}
        <Lasting since={since} />)
      </span>
      .
    </>
  )
}

/** Across the top of every page for as long as it lasts. */
export function OutageNotice({ outage }: { outage: Outage }) {
  if (outage.of === 'access') {
    return (
      <Notice
        state="unknown"
        role="status"
        title={
          outage.since ? (
            <>
              Access has not answered since <Moment at={outage.since} />; retrying
            </>
          ) : (
            'Access does not answer; retrying'
          )
        }
      >
        <p>
          {outage.since && 'What you see is from then and may have changed since. '}
          Applications go on verifying sessions by themselves meanwhile.
        </p>
      </Notice>
    )
  }
  return (
    <Notice state="unknown" role="status" title={<OutageSentence outage={outage} />}>
      <p>
        What was read before stays on the page and may have changed since; nothing can be changed until it answers.
        Nobody is signed out by this. The page catches up by itself.
      </p>
    </Notice>
  )
}

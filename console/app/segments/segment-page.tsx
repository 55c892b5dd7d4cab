import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Segment } from '../api/wire/flags.ts'
import { sayWho } from '../flags/changed.tsx'
import flagClasses from '../flags/flag-page.module.css'
import { servedQuery } from '../flags/read-flags.ts'
import { type SegmentAsk, to } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { useReasonNotToChange } from '../flags/use-reason-not-to-change.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Empty } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { PlainMark } from '../ui/plain-mark.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { Ago } from '../ui/time.tsx'
import { segmentQuery } from './read-segments.ts'
import { SegmentAsked } from './segment-asks.tsx'
import { SegmentEditor } from './segment-editor.tsx'
import classes from './segment-page.module.css'
import { usersOf } from './users-of.ts'

export const crumb = 'Segment'

export function loader(client: QueryClient, segmentKey: string) {
  void client.prefetchQuery(segmentQuery(segmentKey))
}

export function SegmentPage() {
  const { segmentKey } = useParams({ from: '/segments/$segmentKey' })
  const { ask } = useSearch({ from: '/segments/$segmentKey' })
  const navigate = useNavigate()
  const segment = useQuery(segmentQuery(segmentKey))
  const open = (asked: SegmentAsk | undefined) => void navigate(to.segment(segmentKey, { ask: asked }))
  const purpose = 'Who is meant, said once; every flag that asks it follows when it changes.'
  return (
    <Page
      title={segment.data?.name ?? segmentKey}
      purpose={segment.data?.description ?? purpose}
      actions={segment.data && <Actions segment={segment.data} onAsk={open} />}
    >
      <Reading query={segment} about="segment" waiting={<RowsToCome rows={4} />} notFound={<NoSuchSegment />}>
        {(data, seen) => (
          <>
            <SegmentLine segment={data} seen={seen} />
            <UsedBy segment={data} />
            <SegmentEditor key={data.key} segment={data} />
            <SegmentAsked segment={data} ask={ask} onClose={() => open(undefined)} />
          </>
        )}
      </Reading>
    </Page>
  )
}

function Actions({ segment, onAsk }: { segment: Segment; onAsk: (ask: SegmentAsk) => void }) {
  const reason = useReasonNotToChange('flags:write')
  return (
    <>
      {segment.archived_at ? (
        <ActButton reason={reason} onClick={() => onAsk('bring-back')}>
          Bring back
        </ActButton>
      ) : (
        <ActButton variant="default" reason={reason} onClick={() => onAsk('archive')}>
          Archive
        </ActButton>
      )}
      <ActButton variant="default" reason={reason} onClick={() => onAsk('delete')}>
        Delete
      </ActButton>
    </>
  )
}

function SegmentLine({ segment, seen }: { segment: Segment; seen: Seen }) {
  const { key, archived_at, sentence, changed_at, changed_by, version } = segment
  return (
    <div className={flagClasses.line}>
      {archived_at && <PlainMark>Archived</PlainMark>}
      <code className={flagClasses.key}>{key}</code>
      <TextLink to={to.flagChanges({ key, kind: 'segment' })}>History</TextLink>
      <span className={flagClasses.sentence}>{sentence}</span>
      <span className={flagClasses.quiet}>
        Changed <Ago at={changed_at} /> by {sayWho(changed_by)}, {version}
      </span>
      <span className={flagClasses.quiet}>
        <ReadAt seen={seen} />
      </span>
    </div>
  )
}

function UsedBy({ segment: { key } }: { segment: Segment }) {
  const served = useQuery(servedQuery).data
  if (!served) return null
  const users = usersOf(key, served.definition)
  return (
    <section aria-label="Used by" className={classes.used}>
      <h2 className={classes.head}>Used by</h2>
      {users.length === 0 ? (
        <p className={classes.none}>No flag asks it. Choose it in the rule of one: “Add a segment”.</p>
      ) : (
        <ul className={classes.flags}>
          {users.map((flag) => (
            <li key={flag}>
              <TextLink to={to.flag(flag)}>{flag}</TextLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function NoSuchSegment() {
  return (
    <Empty
      title="There is no such segment"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.segments()} />}>
          All segments
        </Button>
      }
    >
      <p>It was deleted, or never made. Its history brings back what was deleted.</p>
    </Empty>
  )
}

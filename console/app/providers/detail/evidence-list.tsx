import { useQuery } from '@tanstack/react-query'
import type { Evidence, Provider } from '../../api/wire/providers.ts'
import { to } from '../../paths.ts'
import { ReadAt, Reading } from '../../reading/reading.tsx'
import { sayCount } from '../../ui/moment.ts'
import { NameCell } from '../../ui/name-cell.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Explained, PlainMark } from '../../ui/plain-mark.tsx'
import { type Column, RowTable } from '../../ui/row-table.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { TimeInTwoLines } from '../../ui/time.tsx'
import { evidenceQuery } from '../read-providers.ts'
import { markOfOutcome, sayKind, sayOutcome, sayTook } from '../say-evidence.ts'
import classes from './evidence-list.module.css'

const columns: readonly Column<Evidence>[] = [
  {
    head: 'Outcome',
    width: 320,
    narrow: 168,
    grows: 30,
    cell: ({ outcome, fault, detail }) => {
      const mark = <StateMark state={markOfOutcome(outcome)}>{sayOutcome({ outcome, fault })}</StateMark>
      return detail ? <Explained mark={mark}>{detail}</Explained> : mark
    },
  },
  { head: 'Took', from: 'medium', align: 'end', width: 88, cell: ({ took_ms }) => sayTook(took_ms) },
  {
    head: 'Process',
    from: 'wide',
    width: 160,
    cell: ({ process_id }) => <code className={classes.process}>{process_id}</code>,
  },
  {
    head: 'Our network',
    from: 'widest',
    width: 132,
    cell: ({ is_control_good }) => <Control isGood={is_control_good} />,
  },
  { head: 'Seen', from: 'medium', width: 128, cell: ({ seen_at }) => <TimeInTwoLines at={seen_at} /> },
]

/** Everything that was seen of it within the last hour, newest first: only that counts, and only that is kept. */
export function EvidenceList({ provider, cursor }: { provider: Provider; cursor: string | undefined }) {
  const link = (next: string | undefined) => to.provider(provider.id, { part: 'evidence', cursor: next })
  return (
    <>
      <p className={classes.about}>
        Only what access itself saw, on connections that it opened: its own probes, and the part of real sign-ins that
        goes from server to server. What a browser brings, and a refusal (4xx), is no evidence: anybody can earn one.
      </p>
      <Reading query={useQuery(evidenceQuery(provider.id, cursor))} about="evidence" waiting={<RowsToCome rows={6} />}>
        {({ data, next_cursor }, seen) =>
          data.length === 0 ? (
            <Empty title="Nothing was seen of it within the last hour">
              <p>
                {provider.is_enabled
                  ? 'It is enabled, so it should be looked at every few seconds: is any process of access running its jobs?'
                  : 'It is looked at only while it is enabled.'}
              </p>
            </Empty>
          ) : (
            <>
              <RowTable
                label="Evidence"
                rows={data}
                rowId={({ seen_at, process_id, kind }) => `${seen_at} ${process_id} ${kind}`}
                first={{ head: 'What was asked', cell: (evidence) => <Asked evidence={evidence} /> }}
                columns={columns}
                isOld={seen.isOld}
              />
              <Pager first={cursor ? link(undefined) : null} next={next_cursor ? link(next_cursor) : null}>
                <span>{sayCount(data.length, 'answer')} on this page, kept for an hour</span>
                <ReadAt seen={seen} />
              </Pager>
            </>
          )
        }
      </Reading>
    </>
  )
}

function Asked({ evidence: { kind, round, took_ms } }: { evidence: Evidence }) {
  return (
    <NameCell name={sayKind(kind)}>
      {round ? 'Probe' : 'By a sign-in'}
      <span className={classes.narrow}>, {sayTook(took_ms)}</span>
    </NameCell>
  )
}

function Control({ isGood }: { isGood: boolean | null }) {
  if (isGood === null) return <PlainMark>Not asked</PlainMark>
  return isGood ? <StateMark state="ok">Good</StateMark> : <StateMark state="failing">At fault</StateMark>
}

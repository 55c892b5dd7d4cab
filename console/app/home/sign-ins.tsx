import { VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import type { Statistics } from '../api/wire/statistics.ts'
import { to } from '../paths.ts'
import { Reading } from '../reading/reading.tsx'
import { type Frame, framesOf, unknownStretches } from '../statistics/frame.ts'
import { FrameTable } from '../statistics/frame-table.tsx'
import { statisticsQuery } from '../statistics/read-statistics.ts'
import { sayStretch, sayValue } from '../statistics/say-cell.ts'
import { Card } from '../ui/card.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import classes from './sign-ins.module.css'

/** Sign-ins of the last hour, minute by minute and by method: the pulse of the house. */
export function SignIns() {
  return (
    <Card
      title="Sign-ins, last hour"
      aside={
        <Link {...to.statistics()} className={classes.more}>
          All statistics
        </Link>
      }
    >
      <div className={classes.body}>
        <Reading query={useQuery(statisticsQuery('hour'))} about="sign-ins" waiting={<RowsToCome rows={2} />}>
          {(statistics, seen) => <Pulse statistics={statistics} isOld={seen.isOld} />}
        </Reading>
      </div>
    </Card>
  )
}

function Pulse({ statistics, isOld }: { statistics: Statistics; isOld: boolean }) {
  const frame = framesOf(statistics)[0]
  if (!frame) return null
  const { sign_ins: all, sign_in_success: well, sign_in_seconds_p50: half } = statistics.totals
  return (
    <div data-old={isOld || undefined} className={classes.pulse}>
      <p className={classes.figures}>
        {typeof all === 'number' ? (
          <>
            <b>{sayValue(all, 'count')}</b>
            {typeof well === 'number' && all > 0 && <span>{sayValue(well / all, 'share')} got in</span>}
            {typeof half === 'number' && <span>half within {sayValue(half, 'seconds')}</span>}
          </>
        ) : (
          <StateMark state="unknown">Not known</StateMark>
        )}
      </p>
      <Bars frame={frame} stepS={statistics.step_s} />
      <Methods frame={frame} />
      <VisuallyHidden>
        <FrameTable frame={frame} stepS={statistics.step_s} />
      </VisuallyHidden>
    </div>
  )
}

const HEIGHT = 64
const BAR = 10
const GAP = 2
/** So that one sign-in does not look like a mountain. */
const TOP_MIN = 4

/** A bar a minute, methods upon each other; a hatch where nobody was there to count. */
function Bars({ frame, stepS }: { frame: Frame; stepS: number }) {
  const hatch = useId()
  const { times, lines } = frame
  const numberAt = (line: number, index: number) => {
    const cell = lines[line]?.cells[index]
    return typeof cell === 'number' ? cell : 0
  }
  const top = Math.max(TOP_MIN, ...times.map((_, at) => lines.reduce((sum, __, line) => sum + numberAt(line, at), 0)))
  const start = times[0] ?? 0
  const xOf = (at: number) => ((at - start) / stepS) * BAR
  return (
    <>
      <svg
        className={classes.bars}
        viewBox={`0 0 ${times.length * BAR} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <defs>
          <pattern id={hatch} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="8" height="8" className={classes.ground} />
            <path d="M0 0V8" className={classes.hatch} />
          </pattern>
        </defs>
        {unknownStretches(frame, stepS).map(([from, until]) => (
          <rect key={from} x={xOf(from)} width={xOf(until) - xOf(from)} height={HEIGHT} fill={`url(#${hatch})`} />
        ))}
        {times.map((at, index) => {
          let height = 0
          return lines.map((line, nth) => {
            const size = (numberAt(nth, index) / top) * HEIGHT
            height += size
            return (
              <rect
                key={`${at} ${line.name}`}
                x={index * BAR}
                y={HEIGHT - height}
                width={BAR - GAP}
                height={size}
                fill={`var(--series-${(line.colour % 4) + 1})`}
              />
            )
          })
        })}
      </svg>
      <div className={classes.ends} aria-hidden="true">
        <span>{sayStretch(start, stepS)}</span>
        <span>{sayStretch(times.at(-1) ?? start, stepS)}</span>
      </div>
    </>
  )
}

function Methods({ frame }: { frame: Frame }) {
  const hasUnknown = frame.lines.some(({ cells }) => cells.includes('unknown'))
  return (
    <p className={classes.methods}>
      {frame.lines.map(({ name, cells, colour }) => (
        <span key={name}>
          <i style={{ background: `var(--series-${(colour % 4) + 1})` }} />
          {name}{' '}
          {sayValue(
            cells.reduce<number>((sum, cell) => sum + (typeof cell === 'number' ? cell : 0), 0),
            'count',
          )}
        </span>
      ))}
      {hasUnknown && (
        <span className={classes.unknown}>
          <i />
          Not known
        </span>
      )}
    </p>
  )
}

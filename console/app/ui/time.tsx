import { useClock } from './clock.tsx'
import { sayDistance, sayDuration, sayExactly, sayMoment } from './moment.ts'
import classes from './time.module.css'

/** Absolute in the reader's zone and relative beside it; to the second and in UTC on hover. */
export function Time({ at }: { at: string }) {
  const { serverNowMs } = useClock()
  const atMs = Date.parse(at)
  return (
    <time dateTime={at} title={sayExactly(atMs)} className={classes.time}>
      {sayMoment(atMs, serverNowMs)} <span className={classes.distance}>{sayDistance(atMs, serverNowMs)}</span>
    </time>
  )
}

/** The same where a column is narrow and a row has two lines. */
export function TimeInTwoLines({ at }: { at: string }) {
  const { serverNowMs } = useClock()
  const atMs = Date.parse(at)
  return (
    <time dateTime={at} title={sayExactly(atMs)} className={classes.stacked}>
      {sayMoment(atMs, serverNowMs)} <span className={classes.beneath}>{sayDistance(atMs, serverNowMs)}</span>
    </time>
  )
}

/** `4 min ago`, where a column leaves no room for more. */
export function Ago({ at }: { at: string }) {
  const { serverNowMs } = useClock()
  const atMs = Date.parse(at)
  return (
    <time dateTime={at} title={sayExactly(atMs)} className={classes.time}>
      {sayDistance(atMs, serverNowMs)}
    </time>
  )
}

/** `02:13`, for the middle of a sentence. */
export function Moment({ at }: { at: string }) {
  const { serverNowMs } = useClock()
  const atMs = Date.parse(at)
  return (
    <time dateTime={at} title={sayExactly(atMs)}>
      {sayMoment(atMs, serverNowMs)}
    </time>
  )
}

/** `4 min`: how long it has been so. */
export function Lasting({ since }: { since: string }) {
  const { serverNowMs } = useClock()
  return <span className="figures">{sayDuration(serverNowMs - Date.parse(since))}</span>
}

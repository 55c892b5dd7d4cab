import type { Verifiers } from '../../api/wire/sessions.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import classes from './outage-band.module.css'
import { sayOutages, sayTime } from './say-end.ts'

/** The time around an end as a line: hatched where nobody could see, and a stroke where the session ended. */
export function OutageBand({ verifiers, endedAt }: { verifiers: Verifiers; endedAt: string | null }) {
  const { window, outages } = verifiers
  const place = placesIn(window)
  const away = sayOutages(verifiers)
  const ended = endedAt ? `The session ended at ${sayTime(endedAt)}.` : 'The session has not ended.'
  const label = `${away ? `Not seen ${away}.` : 'Seen throughout.'} ${ended}`
  return (
    <>
      <div className={classes.band} role="img" aria-label={label}>
        {outages.map(({ from, to }) => (
          <span
            key={from}
            className={classes.away}
            style={{ insetInlineStart: place(from), insetInlineEnd: `calc(100% - ${place(to)})` }}
          />
        ))}
        {endedAt && <span className={classes.end} style={{ insetInlineStart: place(endedAt) }} />}
      </div>
      <div className={classes.scale} aria-hidden="true">
        <span>{sayTime(window.from)}</span>
        {endedAt && hasRoom(window, endedAt) && (
          <span style={{ insetInlineStart: place(endedAt) }} className={classes.at}>
            ended
          </span>
        )}
        <span>{sayTime(window.to)}</span>
      </div>
      {away && (
        <p className={classes.said}>
          <StateMark state="unknown">Not seen {away}</StateMark>
          {[...new Set(outages.map(({ what }) => what))].map((what) => (
            <span key={what} className={classes.what}>
              {what}
            </span>
          ))}
        </p>
      )}
    </>
  )
}

/** Where a moment is on a line of this time, kept within it. */
function placesIn({ from, to }: Verifiers['window']): (at: string) => string {
  const [start, end] = [Date.parse(from), Date.parse(to)]
  return (at) => {
    const share = (Date.parse(at) - start) / Math.max(1, end - start)
    return `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`
  }
}

/** Near its edges the line says its own times; the stroke is told well enough by the label of the whole. */
function hasRoom({ from, to }: Verifiers['window'], at: string): boolean {
  const share = (Date.parse(at) - Date.parse(from)) / (Date.parse(to) - Date.parse(from))
  return share > 0.15 && share < 0.85
}

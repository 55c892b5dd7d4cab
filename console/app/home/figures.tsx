import { type FigureName, figureNames } from '../api/wire.ts'
import type { Outage } from '../reading/outage.ts'
import type { RememberedFigure } from '../reading/overview.ts'
import { Card } from '../ui/card.tsx'
import { useClock } from '../ui/clock.tsx'
import { sayNumber } from '../ui/moment.ts'
import { StateMark } from '../ui/state-mark.tsx'
import { Ago, Moment } from '../ui/time.tsx'
import classes from './figures.module.css'

/** Access counts again every few seconds; an older figure than this is shown as one that may have changed. */
const OLD_AFTER_MS = 60_000

const names: Record<FigureName, string> = {
  live_sessions: 'Live sessions',
  users: 'Users',
  sign_ins_last_hour: 'Sign-ins, last hour',
  sign_ins_failed_last_hour: 'Failed sign-ins, last hour',
}

interface FiguresProps {
  figures: Record<FigureName, RememberedFigure>
  outage: Outage | null
}

export function Figures({ figures, outage }: FiguresProps) {
  return (
    <Card title="Figures">
      <dl className={classes.figures}>
        {figureNames.map((name) => (
          <div key={name} className={classes.figure}>
            <dt>{names[name]}</dt>
            <OneFigure figure={figures[name]} outage={outage} />
          </div>
        ))}
      </dl>
    </Card>
  )
}

function OneFigure({ figure, outage }: { figure: RememberedFigure; outage: Outage | null }) {
  const { serverNowMs } = useClock()
  const { value, as_of, last } = figure
  const isOverdue = as_of !== null && serverNowMs - Date.parse(as_of) > OLD_AFTER_MS
  if (value !== null && !outage && !isOverdue) {
    return (
      <dd>
        <span className={classes.value}>{sayNumber(value)}</span>
        <p className={classes.beneath}>
          {as_of && (
            <>
              Counted <Ago at={as_of} />
            </>
          )}
        </p>
      </dd>
    )
  }

  const since = outage?.since ?? as_of
  return (
    <dd>
      {last && <span className={`${classes.value} ${classes.old}`}>{sayNumber(last.value)}</span>}
      <p className={classes.beneath}>
        <StateMark state="unknown">
          Not known
          {since && (
            <>
              {' '}
              since <Moment at={since} />
            </>
          )}
          {outage && ` (${outage.of} not answering)`}
        </StateMark>
      </p>
      {last?.as_of && (
        <p className={classes.beneath}>
          Last known value, <Ago at={last.as_of} />
        </p>
      )}
    </dd>
  )
}

import { StateMark } from '../ui/state-mark.tsx'
import { sayValue } from './say-cell.ts'
import classes from './totals.module.css'

interface TotalsProps {
  totals: Record<string, number | null>
  isOld: boolean
}

/** The whole range in one number each. */
export function Totals({ totals, isOld }: TotalsProps) {
  const { sign_ins: all, sign_in_success: well, sign_in_seconds_p50: p50, sign_in_seconds_p95: p95, sessions } = totals
  const success = isNumber(all) && isNumber(well) && all > 0 ? well / all : null
  const none = all === 0 ? 'None' : null
  const figures: readonly (readonly [name: string, said: string | null])[] = [
    ['Sign-ins', isNumber(all) ? sayValue(all, 'count') : null],
    ['Success', success === null ? none : sayValue(success, 'share')],
    ['Time, half are faster than', isNumber(p50) ? sayValue(p50, 'seconds') : none],
    ['Time, 19 of 20 are faster than', isNumber(p95) ? sayValue(p95, 'seconds') : none],
    ...('sessions' in totals
      ? ([['Live sessions', isNumber(sessions) ? sayValue(sessions, 'count') : null]] as const)
      : []),
  ]
  return (
    <dl className={classes.totals} data-old={isOld || undefined}>
      {figures.map(([name, said]) => (
        <div key={name} className={classes.total}>
          <dt>{name}</dt>
          <dd>{said === null ? <StateMark state="unknown">Not known</StateMark> : said}</dd>
        </div>
      ))}
    </dl>
  )
}

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number'

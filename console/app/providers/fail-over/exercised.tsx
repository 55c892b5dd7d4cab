import { useQuery } from '@tanstack/react-query'
import type { Exercises } from '../../api/wire/fail-over.ts'
import { Reading } from '../../reading/reading.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { sayDuration } from '../../ui/moment.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { Ago } from '../../ui/time.tsx'
import classes from './exercised.module.css'
import { sayTook } from '../say-evidence.ts'
import { lastWorked, type LastWorked, methodNames } from './last-worked.ts'
import { exercisesQuery } from './read-fail-over.ts'

/** When the fall-back last worked, by each of its methods: known before the day on which it is needed. */
export function Exercised() {
  const reason = useReasonNotTo('providers:read')
  const query = useQuery({ ...exercisesQuery, enabled: reason === null })
  if (reason !== null && query.data === undefined) return null
  return (
    <Reading query={query} about="exercise of the fall-back" waiting={null}>
      {(exercises, seen) => <ExercisedLine exercises={exercises} isOld={seen.isOld} />}
    </Reading>
  )
}

function ExercisedLine({ exercises, isOld }: { exercises: Exercises; isOld: boolean }) {
  return (
    <section className={classes.line} aria-label="Exercise of the fall-back">
      <span className={classes.title}>Fall-back last worked</span>
      {lastWorked(exercises).map((one) => (
        <Method key={one.method} of={isOld ? { ...one, state: 'unknown' } : one} />
      ))}
      <span className={classes.about}>
        Every {sayDuration(exercises.every_s * 1000)} a person who does not exist signs in by each.
      </span>
    </section>
  )
}

function Method({ of: { method, state, at, tookMs, failed } }: { of: LastWorked }) {
  return (
    <span className={classes.method}>
      <StateMark state={state}>
        {methodNames[method]}{' '}
        {at ? (
          <>
            <Ago at={at} />
            {tookMs !== null && <span className={classes.took}>, in {sayTook(tookMs)}</span>}
          </>
        ) : (
          'has not worked yet'
        )}
      </StateMark>
      {failed && <span className={classes.failed}>{failed}</span>}
    </span>
  )
}

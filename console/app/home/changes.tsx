import type { Change } from '../api/wire.ts'
import { Card } from '../ui/card.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import classes from './changes.module.css'

/** Seven rows stand beside what is wrong without pushing the figures off the screen. */
const SHOWN_MAX = 7

/** What was done lately: the first thing to compare with when something went wrong. */
export function Changes({ changes, isOld }: { changes: readonly Change[]; isOld: boolean }) {
  return (
    <Card title="Changed" aside={isOld && <StateMark state="unknown">Later changes are not known</StateMark>}>
      {changes.length === 0 ? (
        <p className={classes.none}>
          {isOld ? 'What changed is not known for now.' : 'Nothing yet. Settings, keys and ended sessions appear here.'}
        </p>
      ) : (
        <ol className={classes.list}>
          {changes.slice(0, SHOWN_MAX).map(({ at, text, kind }) => (
            <li key={`${at} ${kind} ${text}`} className={classes.change}>
              <TimeInTwoLines at={at} />
              <span className={classes.text}>{text}</span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

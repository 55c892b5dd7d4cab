import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { FlagStanding } from '../api/wire/flags.ts'
import { to } from '../paths.ts'
import { Notice } from '../ui/notice.tsx'
import { ServedNotice } from './served-notice.tsx'

interface StandingNoticeProps {
  standing: FlagStanding
  /** Given when what is shown is what access serves, and not what the database has. */
  number?: string | null
}

/** Nothing while all is well. A wipe answers nobody wrongly, and still somebody has to decide. */
export function StandingNotice({ standing: { state, sentence }, number }: StandingNoticeProps) {
  if (state !== 'holding') return number === undefined ? null : <ServedNotice number={number} />
  return (
    <Notice
      state="failing"
      role="alert"
      title="Flags are held: nothing can be changed until somebody decides"
      actions={
        <>
          <Button renderRoot={(props) => <Link {...props} {...to.flagChanges({ ask: 'restore' })} />}>
            Restore what is served
          </Button>
          <Button variant="default" renderRoot={(props) => <Link {...props} {...to.flagChanges({ ask: 'adopt' })} />}>
            Adopt what the database has
          </Button>
        </>
      }
    >
      <p>
        {sentence} Applications go on with {number ? `number ${number}` : 'what access serves'}, which is what is listed
        here: nobody gets another answer. Both ways show first what they would do.
      </p>
    </Notice>
  )
}

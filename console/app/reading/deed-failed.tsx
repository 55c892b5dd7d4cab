import { isOutage } from '../api/failure.ts'
import { Notice } from '../ui/notice.tsx'
import { Failed } from './failed.tsx'

/** In the dialog that asked. A write that met an outage is unknown: neither done nor failed. */
export function DeedFailed({ failure }: { failure: Error | null }) {
  if (!failure) return null
  if (!isOutage(failure)) return <Failed failure={failure} />
  return (
    <Notice state="unknown" role="alert" title="It is not known whether this was done">
      <p>{failure.message} Trying again is safe: it is done once at most.</p>
    </Notice>
  )
}

import { isOutage } from '../api/failure.ts'
import { Notice } from '../ui/notice.tsx'
import { Failed } from './failed.tsx'

interface DeedFailedProps {
  failure: Error | null
  /** What trying again would do, if it was done after all. */
  again: string
}

/** In the dialog that asked. A write that met an outage is unknown: neither done nor failed. */
export function DeedFailed({ failure, again }: DeedFailedProps) {
  if (!failure) return null
  if (!isOutage(failure)) return <Failed failure={failure} />
  return (
    <Notice state="unknown" role="alert" title="It is not known whether this was done">
      <p>
        {failure.message} {again}
      </p>
    </Notice>
  )
}

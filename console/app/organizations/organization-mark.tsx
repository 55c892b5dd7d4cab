import type { Organization } from '../api/wire/organizations.ts'
import { Explained, PlainMark } from '../ui/plain-mark.tsx'
import { StateMark } from '../ui/state-mark.tsx'
import { Ago } from '../ui/time.tsx'

/** Alive, or on its way out and until when that can be undone. */
export function OrganizationMark({ organization, isOld }: { organization: Organization; isOld: boolean }) {
  const { deleted_at, deletes_at } = organization
  if (!deleted_at) return <StateMark state={isOld ? 'unknown' : 'ok'}>Active</StateMark>
  return (
    <Explained mark={<PlainMark>Being deleted</PlainMark>}>
      {deletes_at && (
        <>
          For good <Ago at={deletes_at} />
        </>
      )}
    </Explained>
  )
}

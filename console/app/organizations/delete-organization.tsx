import { call } from '../api/call.ts'
import type { Organization } from '../api/wire/organizations.ts'
import { AskDeed } from '../form/ask-deed.tsx'
import { api } from '../paths.ts'
import { useClock } from '../ui/clock.tsx'
import { sayCount, sayMoment } from '../ui/moment.ts'

interface AskAboutProps {
  organization: Organization
  onClose: () => void
}

/** It can be undone for as long as the grace lasts, so no name has to be typed. */
export function DeleteOrganization({ organization: { id, name, members }, onClose }: AskAboutProps) {
  const { serverNowMs } = useClock()
  return (
    <AskDeed
      isOpen
      title={`Delete ${name}?`}
      yes="Delete organisation"
      isDestructive
      deed={(idempotencyKey) => call<Organization>({ path: api.organization(id), method: 'DELETE', idempotencyKey })}
      said={({ deletes_at }) => ({
        title: `${name} is going to be deleted`,
        message: deletes_at
          ? `For good on ${sayMoment(Date.parse(deletes_at), serverNowMs)}; until then it can be undone here.`
          : 'Until the grace is over it can be undone here.',
      })}
      onClose={onClose}
    >
      <p>
        Now: nobody acts for <strong>{name}</strong> any more ({sayCount(members, 'member')}), and its open invitations
        are revoked. Nobody is signed out: their sessions go on without it.
      </p>
      <p>
        Until the grace is over you can undo this here. How long that is stands on the page Settings as{' '}
        <code>HOLDFAST_DELETION_GRACE</code>; the day is shown as soon as it is set.
      </p>
      <p>
        After it the organisation, its memberships and its metadata are gone for good. The people keep their accounts.
      </p>
    </AskDeed>
  )
}

export function UndoDeletion({ organization: { id, name }, onClose }: AskAboutProps) {
  return (
    <AskDeed
      isOpen
      title={`Keep ${name}?`}
      yes="Undo deletion"
      deed={(idempotencyKey) =>
        call<Organization>({ path: api.organizationDeletion(id), method: 'DELETE', idempotencyKey })
      }
      said={() => ({ title: `${name} stays`, message: 'Its members can act for it again at once.' })}
      onClose={onClose}
    >
      <p>
        Nothing of <strong>{name}</strong> is deleted: its members and their roles are as before, and they choose it
        again in the product. Invitations that were revoked stay revoked.
      </p>
    </AskDeed>
  )
}

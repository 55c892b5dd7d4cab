import { NativeSelect, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { Membership, Organization } from '../../api/wire/organizations.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { useClock } from '../../ui/clock.tsx'
import { sayMoment } from '../../ui/moment.ts'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { sayUser } from '../../users/say-user.ts'
import { membersQuery } from '../read-organizations.ts'

const REASON_MAX = 500
const initial = { user_id: '', reason: '' }

/** A way in that works once, for one administrator of a customer. */
interface BrokenGlass {
  url: string
  expires_at: string
}

interface BreakGlassProps {
  organization: Organization
  isAsked: boolean
  onClose: () => void
}

/** Mounted for as long as the organisation is shown: what is shown once outlives the form. */
export function OrganizationBreakGlass({ organization, isAsked, onClose }: BreakGlassProps) {
  const { serverNowMs } = useClock()
  const [made, setMade] = useState<BrokenGlass | null>(null)
  if (made) {
    return (
      <SecretOnce isOpen title="A way in, once" label="Link" secrets={[made.url]} onStored={() => setMade(null)}>
        <p>
          Give it to them by a way that you trust, not by mail. It signs them in once, until{' '}
          {sayMoment(Date.parse(made.expires_at), serverNowMs)}. All owners and administrators of {organization.name}{' '}
          are told.
        </p>
      </SecretOnce>
    )
  }
  return isAsked ? <Ask organization={organization} onMade={setMade} onClose={onClose} /> : null
}

interface AskProps {
  organization: Organization
  onMade: (made: BrokenGlass) => void
  onClose: () => void
}

function Ask({ organization, onMade, onClose }: AskProps) {
  const mayNot = useReasonNotTo('organizations:write')
  const members = useQuery(membersQuery(organization.id)).data?.data ?? []
  const leading = members.filter(isLeading)
  const form = useForm<typeof initial, BrokenGlass>({
    initial,
    check: ({ user_id, reason }) => ({
      ...(user_id === '' && { user_id: 'Say who.' }),
      ...(reason.trim() === '' && { reason: 'Say why: they all read it, and it stands in the audit.' }),
    }),
    send: ({ user_id, reason }, idempotencyKey) =>
      call({
        path: api.organizationBreakGlass(organization.id),
        method: 'POST',
        body: { user_id, reason: reason.trim() },
        idempotencyKey,
      }),
    onDone: (made) => {
      onMade(made)
      onClose()
    },
  })
  return (
    <FormDialog
      isOpen
      title="Break the glass"
      purpose={
        <>
          One administrator of <strong>{organization.name}</strong> is let in once, past its policy, to put things
          right. Call them back on a number that you know before you do this: whoever asks for it by mail may be
          somebody else.
        </>
      }
      yes="Make a way in"
      form={form}
      reason={mayNot}
      again="Trying again is safe: at most one of the links can be used."
      onClose={onClose}
    >
      <NativeSelect
        size="xs"
        label="Who"
        description="Its owners and administrators."
        data={[
          { value: '', label: 'Choose somebody' },
          ...leading.map(({ user, roles }) => ({ value: user.id, label: `${sayUser(user)} (${roles.join(', ')})` })),
        ]}
        data-autofocus
        {...form.field('user_id')}
      />
      <Textarea
        size="xs"
        label="Reason"
        placeholder="Called back on their main number; their Entra is down and her passkey is on the lost telephone"
        autosize
        minRows={2}
        maxLength={REASON_MAX}
        {...form.field('reason')}
      />
    </FormDialog>
  )
}

const isLeading = ({ roles }: Membership) => roles.some((role) => role === 'owner' || role === 'admin')

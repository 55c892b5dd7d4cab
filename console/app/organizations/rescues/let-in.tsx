import { NativeSelect, Radio, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { Membership, Organization, Rescue, RescueIssued } from '../../api/wire/organizations.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { NeedsFreshSignIn } from '../../tokens/fresh-sign-in.tsx'
import { useClock } from '../../ui/clock.tsx'
import { sayMoment } from '../../ui/moment.ts'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { sayUser } from '../../users/say-user.ts'
import { membersQuery } from '../read-organizations.ts'
import classes from './let-in.module.css'

/** As access has them. */
const REASON = { least: 10, most: 500 } as const

interface Values {
  user_id: string
  hand_over: Rescue['hand_over']
  reason: string
}
const initial: Values = { user_id: '', hand_over: 'mail', reason: '' }

interface LetInProps {
  organization: Organization
  isAsked: boolean
  reason: string | null
  onClose: () => void
}

/** Mounted for as long as the organisation is shown: a code that is shown once outlives the form. */
export function LetIn({ organization, isAsked, reason, onClose }: LetInProps) {
  const [made, setMade] = useState<RescueIssued | null>(null)
  if (made?.code) return <CodeOnce made={made} code={made.code} onStored={() => setMade(null)} />
  if (!isAsked) return null
  const onMade = (issued: RescueIssued) => {
    onClose()
    if (issued.code) setMade(issued)
    else {
      const title = `A code is on its way to ${issued.rescue.user.email ?? sayUser(issued.rescue.user)}`
      notifications.show({ title, message: 'It works once, for half an hour.' })
    }
  }
  return <Ask organization={organization} reason={reason} onMade={onMade} onClose={onClose} />
}

interface CodeOnceProps {
  made: RescueIssued
  code: string
  onStored: () => void
}

function CodeOnce({ made: { rescue, url }, code, onStored }: CodeOnceProps) {
  const { serverNowMs } = useClock()
  return (
    <SecretOnce isOpen title={`A way in for ${sayUser(rescue.user)}`} label="Code" secrets={[code]} onStored={onStored}>
      <p>
        Read it to them, at a number that you knew before. They type it with their address at <code>{url}</code>. It
        works once, until {sayMoment(Date.parse(rescue.expires_at), serverNowMs)}, and begins a session of an hour that
        can change nothing about how anybody signs in.
      </p>
    </SecretOnce>
  )
}

interface AskProps extends Omit<LetInProps, 'isAsked'> {
  onMade: (made: RescueIssued) => void
}

function Ask({ organization, reason: mayNot, onMade, onClose }: AskProps) {
  const members = useQuery(membersQuery(organization.id)).data?.data ?? []
  const leading = members.filter(isLeading)
  const form = useForm<Values, RescueIssued>({
    initial,
    check: ({ user_id, reason }) => ({
      ...(user_id === '' && { user_id: 'Say who.' }),
      ...(reason.trim().length < REASON.least && { reason: 'Say why in a sentence: all who manage it read it.' }),
    }),
    send: ({ reason, ...values }, idempotencyKey) =>
      call({
        path: api.organizationRescues(organization.id),
        method: 'POST',
        body: { ...values, reason: reason.trim() },
        idempotencyKey,
      }),
    refusals: {
      'identity.rescue_of_manager': 'user_id',
      'identity.rescue_of_oneself': 'user_id',
      'identity.rescue_of_closed': 'user_id',
      'identity.rescue_not_by_mail': 'hand_over',
    },
    onDone: onMade,
  })
  return (
    <FormDialog
      isOpen
      title={`Let somebody of ${organization.name} in`}
      purpose="Once, past its policy, to put things right. Call them back at a number that you knew before you do this: whoever asks for it by mail may be somebody else."
      yes="Make a way in"
      form={form}
      reason={mayNot}
      again="Trying again is safe: it is made only once."
      onClose={onClose}
    >
      <NeedsFreshSignIn />
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
      <Radio.Group
        size="xs"
        label="How the code gets to them"
        value={form.values.hand_over}
        error={form.errorOf('hand_over')}
        onChange={(chosen) => form.set('hand_over', chosen as Values['hand_over'])}
      >
        <div className={classes.choices}>
          <Radio size="xs" value="mail" label="By mail, to their proven address" description="You do not see it." />
          <Radio
            size="xs"
            value="voice"
            label="You read it to them"
            description="Shown to you once. Where their mailbox is away too, or was never proven."
          />
        </div>
      </Radio.Group>
      <Textarea
        size="xs"
        label="Reason"
        description="All who manage the organisation read it."
        placeholder="Their Entra is down and her passkey is on the lost telephone (ticket 4711)"
        autosize
        minRows={2}
        maxLength={REASON.most}
        {...form.field('reason')}
      />
    </FormDialog>
  )
}

const isLeading = ({ roles }: Membership) => roles.some((role) => role === 'owner' || role === 'admin')

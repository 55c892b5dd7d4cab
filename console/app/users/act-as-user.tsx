import { Button, Modal, NumberInput, Textarea } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Impersonation } from '../api/wire/sessions.ts'
import type { User } from '../api/wire.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'
import { PickApplication } from '../list/look-up.tsx'
import { api } from '../paths.ts'
import { useClock } from '../ui/clock.tsx'
import { sayDuration } from '../ui/moment.ts'
import { Notice } from '../ui/notice.tsx'
import classes from './act-as-user.module.css'
import { sayUser } from './say-user.ts'

/** As access has them. */
const REASON = { least: 10, most: 500 } as const
const MINUTES = { least: 5, most: 60, usual: 15 } as const
const LINK_LIFE_MS = 60_000

interface Values {
  reason: string
  minutes: number | string
  application: string | undefined
}

type Ordered = { impersonation: Impersonation; url: string }

/** Why nobody can act as this person, in the sentences of access; null when somebody can. */
export function reasonNotToAct(user: User): string | null {
  if (user.is_administrator) return 'Nobody acts as somebody who works in the console. Ask them.'
  return user.state === 'active' ? null : `This account is ${user.state}: nobody acts in its name.`
}

/** Support sees what the person sees, for minutes, under its own name. */
export function ActAsUser({ user, reason, onClose }: { user: User; reason: string | null; onClose: () => void }) {
  const [ordered, setOrdered] = useState<Ordered>()
  const form = useForm<Values, Ordered>({
    initial: { reason: '', minutes: MINUTES.usual, application: undefined },
    check: wrongIn,
    send: (values, idempotencyKey) =>
      call({
        path: api.impersonations(),
        method: 'POST',
        body: {
          user_id: user.id,
          reason: values.reason.trim(),
          minutes: Number(values.minutes),
          ...(values.application && { application_id: values.application }),
        },
        idempotencyKey,
      }),
    refusals: { 'identity.no_application': 'application' },
    onDone: setOrdered,
  })
  if (ordered) return <Begin user={user} ordered={ordered} onClose={onClose} />
  return (
    <FormDialog
      isOpen
      title={`Act as ${sayUser(user)}`}
      purpose={
        <>
          You see what <strong>{sayUser(user)}</strong> sees, and change nothing that is theirs alone.{' '}
          <strong>They are told</strong>, with your name and the reason. All of it is recorded in the audit under both
          names.
        </>
      }
      yes="Make the link"
      form={form}
      reason={reason ?? reasonNotToAct(user)}
      again="Trying again is safe: at most one of the links can be followed."
      onClose={onClose}
    >
      <Textarea
        size="xs"
        label="Reason"
        description="A sentence that the person understands."
        placeholder="Ana asked why her notes are gone (ticket 4711)"
        autosize
        minRows={2}
        maxLength={REASON.most}
        data-autofocus
        {...form.field('reason')}
      />
      <NumberInput
        size="xs"
        label="Minutes at most"
        min={MINUTES.least}
        max={MINUTES.most}
        allowDecimal={false}
        value={form.values.minutes}
        error={form.errorOf('minutes')}
        onChange={(minutes) => form.set('minutes', minutes)}
      />
      <PickApplication
        label="Where"
        placeholder="Account pages"
        description="One of your applications, or their account pages."
        clearButtonProps={{ 'aria-label': 'Account pages' }}
        value={form.values.application}
        error={form.errorOf('application')}
        onPick={(application) => form.set('application', application)}
      />
    </FormDialog>
  )
}

function wrongIn({ reason, minutes }: Values): Partial<Record<keyof Values, string>> {
  const asked = Number(minutes)
  const isInBounds = Number.isInteger(asked) && asked >= MINUTES.least && asked <= MINUTES.most
  return {
    ...(reason.trim().length < REASON.least && { reason: `Say why in a sentence: the person reads it.` }),
    ...(!isInBounds && { minutes: `Between ${MINUTES.least} and ${MINUTES.most}.` }),
  }
}

interface BeginProps {
  user: User
  ordered: Ordered
  onClose: () => void
}

/** Nothing has begun yet. The link works once, in this browser, and is not kept anywhere. */
function Begin({ user, ordered: { impersonation, url }, onClose }: BeginProps) {
  const { serverNowMs } = useClock()
  const [wasOpened, setWasOpened] = useState(false)
  const leftMs = Date.parse(impersonation.created_at) + LINK_LIFE_MS - serverNowMs
  const isOver = leftMs <= 0 && !wasOpened
  return (
    <Modal opened onClose={onClose} title={`Act as ${sayUser(user)}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      {isOver ? (
        <Notice state="degraded" role="alert" title="This link is over">
          <p>It was good for a minute. Nothing has begun; ask for another one.</p>
        </Notice>
      ) : (
        <>
          <p className={classes.text}>
            The link opens a new tab, and works once. There you are asked one last time; then {impersonation.minutes}{' '}
            minutes begin, under a banner with the button that ends them.
          </p>
          <code className={classes.url}>{url}</code>
        </>
      )}
      <div className={classes.actions}>
        {!isOver && !wasOpened && (
          <span role="timer" className={classes.left}>
            {sayDuration(leftMs)} left
          </span>
        )}
        <Button variant="default" onClick={onClose}>
          {wasOpened ? 'Done' : 'Close'}
        </Button>
        {!isOver && (
          <Button
            component="a"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            data-autofocus
            rightSection={<IconExternalLink size={14} />}
            onClick={() => setWasOpened(true)}
          >
            Open in a new tab
          </Button>
        )}
      </div>
    </Modal>
  )
}

import { NativeSelect, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { call } from '../../api/call.ts'
import type { Provider } from '../../api/wire/providers.ts'
import { AskDeed } from '../../form/ask-deed.tsx'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { NeedsFreshSignIn } from '../../tokens/fresh-sign-in.tsx'
import { sayDuration } from '../../ui/moment.ts'

/** As access has them: a day at most, so that no order is forgotten. */
const LASTINGS = [15, 60, 4 * 60, 12 * 60, 24 * 60]
const REASON_MAX = 500
const initial = { reason: '', minutes: '60' }

interface OrderProps {
  provider: Provider
  ordered: 'open' | 'closed'
  onClose: () => void
}

const words = {
  open: {
    title: 'Force the fall-back open',
    yes: 'Force open',
    placeholder: 'Their status page says so; our probes reach a cache',
    done: 'The fall-back is open by order',
  },
  closed: {
    title: 'Forbid the fall-back',
    yes: 'Forbid',
    placeholder: 'Our own network is at fault; the provider works',
    done: 'The fall-back is forbidden by order',
  },
} as const

/** It holds for its time, whatever is seen meanwhile. */
export function OrderFallBack({ provider, ordered, onClose }: OrderProps) {
  const mayNot = useReasonNotTo('providers:write')
  const { title, yes, placeholder, done } = words[ordered]
  const form = useForm<typeof initial, unknown>({
    initial,
    check: ({ reason }) => (reason.trim() ? {} : { reason: 'Say why: it stands in the history and in the audit.' }),
    send: ({ reason, minutes }, idempotencyKey) =>
      call({
        path: api.providerOrder(provider.id),
        method: 'POST',
        body: { ordered, reason: reason.trim(), minutes: Number(minutes) },
        idempotencyKey,
      }),
    onDone: (_, { minutes }) => {
      onClose()
      notifications.show({
        title: done,
        message: `For ${sayDuration(Number(minutes) * 60_000)}, or until you clear it.`,
      })
    },
  })
  return (
    <FormDialog
      isOpen
      title={title}
      purpose={<Purpose provider={provider} ordered={ordered} />}
      yes={yes}
      form={form}
      reason={mayNot}
      onClose={onClose}
    >
      <NeedsFreshSignIn />
      <NativeSelect
        size="xs"
        label="For how long"
        description="Afterwards what is seen decides again."
        data={LASTINGS.map((minutes) => ({ value: String(minutes), label: sayDuration(minutes * 60_000) }))}
        value={form.values.minutes}
        onChange={(event) => form.set('minutes', event.currentTarget.value)}
      />
      <Textarea
        size="xs"
        label="Reason"
        placeholder={placeholder}
        autosize
        minRows={2}
        maxLength={REASON_MAX}
        data-autofocus
        {...form.field('reason')}
      />
    </FormDialog>
  )
}

function Purpose({ provider: { name }, ordered }: Pick<OrderProps, 'provider' | 'ordered'>) {
  return ordered === 'open' ? (
    <>
      People of <strong>{name}</strong> may sign in by passkey or code as far as their organisation’s policy allows,
      even while it answers. Nobody gets more than the policy gives in any other fail-over, and each sign-in is marked
      and has to be proved there afterwards.
    </>
  ) : (
    <>
      Nobody is sent another way than <strong>{name}</strong>, even if it does not answer: whoever depends on it cannot
      sign in until it is back or this is cleared. Whoever is signed in stays so.
    </>
  )
}

export function ClearOrder({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  return (
    <AskDeed
      isOpen
      title="Clear the order?"
      yes="Clear order"
      deed={(idempotencyKey) => call({ path: api.providerOrder(provider.id), method: 'DELETE', idempotencyKey })}
      said={() => ({ title: 'The order is cleared', message: 'What is seen decides again.' })}
      onClose={onClose}
    >
      <p>
        From now on what is seen of <strong>{provider.name}</strong> decides again whether people are sent another way.
      </p>
    </AskDeed>
  )
}

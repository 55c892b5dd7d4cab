import { TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { FormDialog } from '../form/form-dialog.tsx'
import { useForm } from '../form/use-form.ts'

interface ReasonedProps<Outcome> {
  title: string
  /** What follows, and for whom. */
  purpose: React.ReactNode
  yes: string
  /** Why it cannot be done now. */
  mayNot: string | null
  send: (body: { reason?: string }, idempotencyKey: string) => Promise<Outcome>
  said: (outcome: Outcome) => { title: string; message: string }
  onDone?: (outcome: Outcome) => void
  onClose: () => void
  children?: React.ReactNode
}

/** One step with its reason: Enter does it, and the history keeps why. */
export function Reasoned<Outcome>(props: ReasonedProps<Outcome>) {
  const { title, purpose, yes, mayNot, send, said, onDone, onClose, children } = props
  const form = useForm<{ reason: string }, Outcome>({
    initial: { reason: '' },
    send: ({ reason }, idempotencyKey) => send(reason.trim() ? { reason: reason.trim() } : {}, idempotencyKey),
    onDone: (outcome) => {
      onClose()
      notifications.show(said(outcome))
      onDone?.(outcome)
    },
  })
  return (
    <FormDialog isOpen title={title} purpose={purpose} yes={yes} form={form} reason={mayNot} onClose={onClose}>
      {children}
      <TextInput
        label="Why"
        description="Stands in the history. It may stay empty."
        autoComplete="off"
        maxLength={500}
        data-autofocus
        {...form.field('reason')}
      />
    </FormDialog>
  )
}

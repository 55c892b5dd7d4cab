import { notifications } from '@mantine/notifications'
import { useDeed } from '../reading/deed.ts'
import { DeedFailed } from '../reading/deed-failed.tsx'
import { Ask } from '../ui/ask.tsx'

interface AskDeedProps<Outcome> {
  isOpen: boolean
  /** A question, with its verb. */
  title: string
  /** The verb of the title. */
  yes: string
  isDestructive?: boolean
  /** Has to be typed before it is done: only for what cannot be undone. */
  typeName?: string
  /** Why it cannot be done now, where a link may have opened the question. */
  reason?: string | null
  deed: (idempotencyKey: string) => Promise<Outcome>
  /** What is said when it is done; null: the page says it by itself. */
  said: (outcome: Outcome) => { title: string; message?: string } | null
  /** What trying again would do, if it was done after all. */
  again?: string
  onDone?: (outcome: Outcome) => void
  onClose: () => void
  /** What follows, and for whom. */
  children: React.ReactNode
}

/** A question before something is done that others will feel, and the doing of it. */
export function AskDeed<Outcome>(props: AskDeedProps<Outcome>) {
  const { isOpen, title, yes, isDestructive = false, typeName, reason = null, said, onDone, onClose, children } = props
  const { again = 'Trying again is safe: it is done only once.' } = props
  const deed = useDeed(
    (_: null, idempotencyKey: string) => props.deed(idempotencyKey),
    (outcome) => {
      onClose()
      const words = said(outcome)
      if (words) notifications.show({ title: words.title, message: words.message ?? '' })
      onDone?.(outcome)
    },
  )
  return (
    <Ask
      isOpen={isOpen}
      onClose={() => {
        deed.reset()
        onClose()
      }}
      title={title}
      yes={yes}
      isDestructive={isDestructive}
      {...(typeName && { typeName })}
      reason={reason}
      isRunning={deed.isPending}
      failure={<DeedFailed failure={deed.error} again={again} />}
      onYes={() => deed.mutate(null)}
    >
      {children}
    </Ask>
  )
}

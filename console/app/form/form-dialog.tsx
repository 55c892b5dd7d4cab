import { Button, Modal } from '@mantine/core'
import { DeedFailed } from '../reading/deed-failed.tsx'
import { ActButton } from '../ui/act-button.tsx'
import classes from './form-dialog.module.css'
import type { Form } from './use-form.ts'

interface FormDialogProps {
  isOpen: boolean
  title: string
  /** One sentence that says what this makes and for whom. */
  purpose?: React.ReactNode
  form: Form
  /** The verb of the title. */
  yes: string
  /** Why it cannot be sent now. */
  reason: string | null
  /** What trying again would do, if it was done after all. */
  again?: string
  size?: number
  children: React.ReactNode
  onClose: () => void
}

const SAFE = 'Trying again is safe: it is done only once.'

/** A form in a dialog: Enter sends it, Escape leaves it, what is wrong stands at its field or above the buttons. */
export function FormDialog(props: FormDialogProps) {
  const { isOpen, title, purpose, form, yes, reason, again = SAFE, size = 480, children, onClose } = props
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form noValidate onSubmit={reason === null ? form.submit : (event) => event.preventDefault()} aria-label={title}>
        {purpose && <p className={classes.purpose}>{purpose}</p>}
        <div className={classes.fields}>{children}</div>
        <DeedFailed failure={form.failure} again={again} />
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <ActButton reason={reason} loading={form.isRunning} onClick={() => form.submit()}>
            {yes}
          </ActButton>
        </div>
        {/* Enter in a field sends a form only if it has a button of this kind. */}
        <input type="submit" hidden />
      </form>
    </Modal>
  )
}

import { Button, Modal } from '@mantine/core'
import { useId } from 'react'
import classes from './ask.module.css'

interface AskProps {
  isOpen: boolean
  /** A question, with its verb. */
  title: string
  /** What follows, and for whom. */
  children: React.ReactNode
  /** The verb of the title. */
  yes: string
  no?: string
  isDestructive?: boolean
  isRunning: boolean
  /** The one place where the outcome of this question is shown when it is not good. */
  failure?: React.ReactNode
  onYes: () => void
  onClose: () => void
}

/** Asks before something happens that others will feel. */
export function Ask(props: AskProps) {
  const { isOpen, title, children, yes, no = 'Cancel', isDestructive, isRunning, failure, onYes, onClose } = props
  const bodyId = useId()
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      aria-describedby={bodyId}
    >
      <div id={bodyId} className={classes.body}>
        {children}
      </div>
      {failure}
      <div className={classes.actions}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {no}
        </Button>
        <Button color={isDestructive ? 'failing' : 'accent'} loading={isRunning} onClick={onYes}>
          {yes}
        </Button>
      </div>
    </Modal>
  )
}

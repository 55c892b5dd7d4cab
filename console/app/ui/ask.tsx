import { Button, Modal, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { ActButton } from './act-button.tsx'
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
  /** Has to be typed before yes can be said: only for what cannot be undone. */
  typeName?: string
  /** Why yes cannot be said now. */
  reason?: string | null
  isRunning: boolean
  /** The one place where the outcome of this question is shown when it is not good. */
  failure?: React.ReactNode
  onYes: () => void
  onClose: () => void
}

/** Asks before something happens that others will feel. */
export function Ask(props: AskProps) {
  const { isOpen, title, onClose, children } = props
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
      <Answer {...props} />
    </Modal>
  )
}

/** Mounted with the dialog, so that what was typed is gone with it. */
function Answer(props: AskProps) {
  const { yes, no = 'Cancel', isDestructive, typeName, isRunning, failure, onYes, onClose } = props
  const [typed, setTyped] = useState('')
  const untyped = typeName !== undefined && typed.trim() !== typeName ? `Type ${typeName} first.` : null
  const reason = props.reason ?? untyped
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (reason === null && !isRunning) onYes()
      }}
    >
      {typeName !== undefined && (
        <TextInput
          className={classes.typed}
          label={
            <>
              This cannot be undone. Type <code>{typeName}</code> to go on
            </>
          }
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
      )}
      {failure}
      <div className={classes.actions}>
        <Button variant="default" onClick={onClose} {...(typeName === undefined && { 'data-autofocus': true })}>
          {no}
        </Button>
        <ActButton reason={reason} color={isDestructive ? 'failing' : 'accent'} loading={isRunning} onClick={onYes}>
          {yes}
        </ActButton>
      </div>
    </form>
  )
}

import { Button, Checkbox, Modal } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { IconCheck, IconCopy, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { ActButton } from './act-button.tsx'
import { copyText } from './copyable.tsx'
import classes from './secret-once.module.css'

interface SecretOnceProps {
  isOpen: boolean
  title: string
  /** What it is for, where it belongs, and what happens to whoever loses it. */
  children: React.ReactNode
  /** One key, or a set of codes. */
  secrets: readonly string[]
  /** What one is called, for those who hear it: `Application key`. */
  label: string
  /** Stands on the paper above the codes: whose, which installation, since when. */
  printed?: React.ReactNode
  onStored: () => void
}

/** Something that is shown now and never again. It cannot be left by a slip: not by Escape, not by a click beside it. */
export function SecretOnce({ isOpen, ...rest }: SecretOnceProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={() => {}}
      title={rest.title}
      size={560}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <Once {...rest} />
    </Modal>
  )
}

function Once({ title, children, secrets, label, printed, onStored }: Omit<SecretOnceProps, 'isOpen'>) {
  const [isCopied, setIsCopied] = useState(false)
  const [isStored, setIsStored] = useState(false)
  useWindowEvent('beforeunload', (event) => {
    if (!isStored) event.preventDefault()
  })
  return (
    <>
      <div className={classes.body}>{children}</div>
      <div className={classes.paper}>
        <div className={classes.printed}>
          <strong>{title}</strong>
          {printed}
        </div>
        <ul className={classes.secrets} data-many={secrets.length > 1 || undefined} aria-label={label}>
          {secrets.map((secret) => (
            <li key={secret}>
              <code>{secret}</code>
            </li>
          ))}
        </ul>
      </div>
      <div className={classes.ways}>
        <Button
          variant="default"
          data-autofocus
          leftSection={isCopied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={async () => setIsCopied(await copyText(secrets.join('\n')))}
        >
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
        <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => print()}>
          Print
        </Button>
      </div>
      <div className={classes.end}>
        <Checkbox
          label="I have stored it. It is not shown again."
          checked={isStored}
          onChange={(event) => setIsStored(event.currentTarget.checked)}
        />
        <ActButton
          reason={isStored ? null : 'Say first that you have stored it: it is not shown again.'}
          onClick={onStored}
        >
          Done
        </ActButton>
      </div>
    </>
  )
}

import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { copyText } from './copyable.tsx'
import classes from './notice.module.css'
import { type State, StateGlyph } from './state-mark.tsx'

interface NoticeProps {
  state: Exclude<State, 'ok'>
  title: React.ReactNode
  children?: React.ReactNode
  actions?: React.ReactNode
  role?: 'alert' | 'status'
}

/** What is wrong or cannot be seen, since when, and what to do: in words, beside its mark. */
export function Notice({ state, title, children, actions, role }: NoticeProps) {
  return (
    <div className={classes.notice} data-state={state} role={role}>
      <span className={classes.glyph}>
        <StateGlyph state={state} size={14} />
      </span>
      <div className={classes.text}>
        <p className={classes.title}>{title}</p>
        {children && <div className={classes.body}>{children}</div>}
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
    </div>
  )
}

/** Nothing here yet: what this is for, and the one thing that makes the first. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string
  children: React.ReactNode
  action?: React.ReactNode
}) {
  return (
    <div className={classes.empty}>
      <p className={classes.title}>{title}</p>
      <div className={classes.emptyBody}>{children}</div>
      {action}
    </div>
  )
}

/** Everything that support needs to find a failure again, in one text. */
export function CopyForSupport({ text }: { text: string }) {
  const [isCopied, setIsCopied] = useState(false)
  return (
    <Button
      variant="default"
      leftSection={isCopied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      onClick={async () => setIsCopied(await copyText(text))}
    >
      {isCopied ? 'Copied' : 'Copy for support'}
    </Button>
  )
}

import { ActionIcon } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import classes from './copyable.module.css'

/** How long the tick stays, so that a reader sees it and can copy again soon. */
const SAID_MS = 1500

interface CopyableProps {
  value: string
  /** Out of the order of tabbing, where a table has its own way through its rows. */
  tabIndex?: number
}

/** An id that is read, selected and copied whole. */
export function Copyable({ value, tabIndex }: CopyableProps) {
  const text = useRef<HTMLElement>(null)
  const [isCopied, setIsCopied] = useState(false)

  async function copy() {
    if (!(await copyText(value))) return selectInside(text.current)
    setIsCopied(true)
    setTimeout(() => setIsCopied(false), SAID_MS)
  }

  return (
    <span className={classes.copyable}>
      <code ref={text} className={classes.value} title={value}>
        {value}
      </code>
      <ActionIcon
        size={20}
        className={classes.button}
        aria-label={isCopied ? `Copied ${value}` : `Copy ${value}`}
        tabIndex={tabIndex}
        onClick={copy}
      >
        {isCopied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </span>
  )
}

/** False where the browser keeps the clipboard shut, which it does on plain http away from localhost. */
export async function copyText(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value)
    return true
  } catch {
    return false
  }
}

function selectInside(element: HTMLElement | null) {
  if (element) getSelection()?.selectAllChildren(element)
}

import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import classes from './code-to-copy.module.css'
import { copyText } from './copyable.tsx'

interface CodeToCopyProps {
  /** What the lines are, above them. */
  label: string
  text: string
}

/** A few lines that are read here and used elsewhere. */
export function CodeToCopy({ label, text }: CodeToCopyProps) {
  const [isCopied, setIsCopied] = useState(false)
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.head}>
        {label}
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={isCopied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={async () => setIsCopied(await copyText(text))}
        >
          {isCopied ? 'Copied' : 'Copy the lines'}
        </Button>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard. */}
      <pre className={classes.code} tabIndex={0}>
        <code>{text}</code>
      </pre>
    </figure>
  )
}

import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import type { EndList } from '../../api/wire/sessions.ts'
import type { WhySearch } from '../../paths.ts'
import { copyText } from '../../ui/copyable.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import classes from './answer.module.css'
import { sayAnswer, sayToCustomer } from './say-end.ts'

interface AnswerProps {
  list: EndList
  search: WhySearch
  isOld: boolean
}

/** One sentence on top, and the same for the customer, in words that may leave the house. */
export function Answer({ list, search, isOld }: AnswerProps) {
  const sentence = sayAnswer(list, search)
  if (sentence === null) return null
  const about = search.user || search.session ? (list.data[0] ?? list.still_live[0]) : undefined
  return (
    <section className={classes.answer} aria-label="The answer">
      <p className={classes.sentence}>{sentence}</p>
      {isOld && <StateMark state="unknown">As it was last read; what happened since is not known.</StateMark>}
      {about && <CopyForCustomer key={about.session_id} text={sayToCustomer(about)} />}
    </section>
  )
}

export function CopyForCustomer({ text }: { text: string }) {
  const [isCopied, setIsCopied] = useState(false)
  return (
    <div className={classes.customer}>
      <Button
        variant="default"
        leftSection={isCopied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        onClick={async () => setIsCopied(await copyText(text))}
      >
        {isCopied ? 'Copied' : 'Copy for the customer'}
      </Button>
      <details>
        <summary>What is copied</summary>
        <pre>{text}</pre>
      </details>
    </div>
  )
}

import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { FlagChange, FlagsChanged } from '../../api/wire/flags.ts'
import { api } from '../../paths.ts'
import { useReasonNotToChange } from '../use-reason-not-to-change.ts'
import { DiffLines } from '../diff-lines.tsx'
import { Reasoned } from '../reasoned.tsx'
import { ChangeLine } from './change-line.tsx'
import classes from './changes.module.css'
import { sayDeed } from './say-deed.ts'

interface ChangeListProps {
  changes: readonly FlagChange[]
  isNamed: boolean
  isOld: boolean
}

/** The history, newest first, each with its way back. */
export function ChangeList({ changes, isNamed, isOld }: ChangeListProps) {
  const reason = useReasonNotToChange('flags:write')
  const [undone, setUndone] = useState<FlagChange | null>(null)
  return (
    <>
      <ol className={classes.changes} aria-label="History" data-old={isOld || undefined}>
        {changes.map((change) => (
          <ChangeLine
            key={`${change.change_id} ${change.kind} ${change.key}`}
            change={change}
            isNamed={isNamed}
            reason={reason}
            onUndo={setUndone}
          />
        ))}
      </ol>
      {undone && <Undo change={undone} reason={reason} onClose={() => setUndone(null)} />}
    </>
  )
}

/** Refused when somebody changed it since: then nothing of theirs is lost. */
function Undo({ change, reason, onClose }: { change: FlagChange; reason: string | null; onClose: () => void }) {
  const { change_id, key, deed, diff, number } = change
  return (
    <Reasoned<FlagsChanged>
      title="Undo this change?"
      purpose={`What ${number} did is taken back, for everybody at once: ${key || 'the metadata of all'} was ${sayDeed(deed)}. If it was changed again since, nothing happens.`}
      yes="Undo change"
      mayNot={reason}
      send={(body, idempotencyKey) =>
        call({ path: api.flagChangeUndo(change_id), method: 'POST', body, idempotencyKey })
      }
      said={({ number: now }) => ({
        title: 'The change is undone',
        message: `Applications follow within a second: ${now}.`,
      })}
      onClose={onClose}
    >
      <DiffLines lines={diff} label="What is taken back" />
    </Reasoned>
  )
}

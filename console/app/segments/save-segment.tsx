import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { SegmentChanged } from '../api/wire/flags.ts'
import { DiffLines } from '../flags/diff-lines.tsx'
import classes from '../flags/edit/flag-editor.module.css'
import { Reasoned } from '../flags/reasoned.tsx'
import { api } from '../paths.ts'
import { ActButton } from '../ui/act-button.tsx'
import { segmentQuery } from './read-segments.ts'
import { changesOf, linesOf } from './segment-draft.ts'
import type { EditedSegment } from './use-segment-draft.ts'

/** What is in the way, what would change, and the way on. */
export function SaveSegment({ edited, off }: { edited: EditedSegment; off: string | null }) {
  const client = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const { base, draft, isChanged, wrong, theirs } = edited
  const unchanged = isChanged ? null : 'Nothing is changed yet.'
  const meanwhile = theirs ? 'Somebody changed it meanwhile: decide above first.' : null
  return (
    <div className={classes.save}>
      <ActButton reason={off ?? unchanged ?? wrong ?? meanwhile} onClick={() => setIsAsking(true)}>
        Review and save
      </ActButton>
      <ActButton variant="subtle" reason={unchanged} onClick={edited.discard}>
        Discard changes
      </ActButton>
      <span className={classes.said} role="status">
        {isChanged ? (wrong ?? 'Not saved yet') : 'As flags ask it now'}
      </span>
      {isAsking && (
        <Reasoned<SegmentChanged>
          title={`Save ${base.key}`}
          purpose="This is what changes, for every flag that asks it, at once."
          yes="Save"
          mayNot={off ?? (theirs ? 'Somebody changed it meanwhile. Close this and decide first.' : null)}
          send={(body, idempotencyKey) =>
            call<SegmentChanged>({
              path: api.segment(base.key),
              method: 'PATCH',
              body: { ...body, made_on: base.version, ...changesOf(base, draft) },
              idempotencyKey,
            })
          }
          said={({ number }) => ({
            title: `${base.key} is saved`,
            message: `Applications follow within a second: ${number}.`,
          })}
          onDone={({ segment }) => {
            client.setQueryData(segmentQuery(base.key).queryKey, segment)
            edited.discard()
          }}
          onClose={() => setIsAsking(false)}
        >
          <DiffLines lines={linesOf(base, draft)} />
        </Reasoned>
      )}
    </div>
  )
}

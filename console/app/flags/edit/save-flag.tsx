import { Button, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import { CallFailure } from '../../api/failure.ts'
import type { FlagChanged } from '../../api/wire/flags.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { api } from '../../paths.ts'
import { useReasonNotToChange } from '../use-reason-not-to-change.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { sayCount } from '../../ui/moment.ts'
import { DiffLines } from '../diff-lines.tsx'
import { flagQuery } from '../read-flags.ts'
import { CHANGED_MEANWHILE } from './changed-meanwhile.tsx'
import { complaintsOf } from './complaints.ts'
import { changesOf } from './draft.ts'
import classes from './flag-editor.module.css'
import type { FlagDraft } from './use-flag-draft.ts'

/** Under the form for as long as something is changed: what is in the way, what would change, and the way on. */
export function SaveFlag({ editing }: { editing: FlagDraft }) {
  const reason = useReasonNotToChange('flags:write')
  const [isAsking, setIsAsking] = useState(false)
  const { draft, base, isChanged, lines, typed, theirs } = editing
  const [complaint] = typed?.wrong ? [typed.wrong] : complaintsOf(draft)
  const archived = base.archived_at ? 'It is archived. Bring it back first.' : null
  const meanwhile = theirs ? 'Somebody changed it meanwhile: decide above first.' : null
  const unchanged = isChanged ? null : 'Nothing is changed yet.'
  return (
    <div className={classes.save}>
      <ActButton reason={reason ?? archived ?? unchanged ?? complaint ?? meanwhile} onClick={() => setIsAsking(true)}>
        Review and save
      </ActButton>
      <ActButton variant="subtle" reason={unchanged} onClick={editing.discard}>
        Discard changes
      </ActButton>
      {theirs && (
        <Button variant="default" onClick={lookAtBoth}>
          Look at both
        </Button>
      )}
      <span className={classes.said} role="status">
        {!isChanged ? (
          'As everybody gets it now'
        ) : complaint ? (
          <span className={classes.complaint}>{complaint}</span>
        ) : (
          `${sayCount(lines.length, 'change')}, not saved yet`
        )}
      </span>
      {isAsking && <Review editing={editing} reason={reason} onClose={() => setIsAsking(false)} />}
    </div>
  )
}

/** It stands above the form, and whoever filled in the end of it may not have seen it come. */
function lookAtBoth() {
  const notice = document.getElementById(CHANGED_MEANWHILE)
  notice?.scrollIntoView({ block: 'center' })
  notice?.focus({ preventScroll: true })
}

/** What would change, before it does; and why, for whoever reads the history. */
function Review({ editing, reason, onClose }: { editing: FlagDraft; reason: string | null; onClose: () => void }) {
  const client = useQueryClient()
  const { base, draft, lines } = editing
  const form = useForm<{ reason: string }, FlagChanged>({
    initial: { reason: '' },
    send: (values, idempotencyKey) =>
      call<FlagChanged>({
        path: api.flag(base.key),
        method: 'PATCH',
        body: {
          made_on: base.version,
          ...changesOf(base, draft),
          ...(values.reason.trim() && { reason: values.reason.trim() }),
        },
        idempotencyKey,
      }).catch((error: unknown) => {
        if (isChangedMeanwhile(error)) void client.invalidateQueries(flagQuery(base.key))
        throw error
      }),
    onDone: ({ flag, number }) => {
      client.setQueryData(flagQuery(flag.key).queryKey, flag)
      editing.discard()
      onClose()
      notifications.show({ title: `${flag.key} is saved`, message: `Applications follow within a second: ${number}.` })
    },
  })
  return (
    <FormDialog
      isOpen
      title={`Save ${base.key}`}
      purpose="This is what changes, for everybody at once."
      yes="Save"
      size={600}
      form={form}
      reason={reason ?? (editing.theirs ? 'Somebody changed it meanwhile. Close this and decide first.' : null)}
      onClose={onClose}
    >
      <DiffLines lines={lines} />
      <TextInput
        label="Why"
        description="Stands in the history. It may stay empty."
        placeholder="Ticket 4711: pilot with Acme"
        autoComplete="off"
        maxLength={500}
        data-autofocus
        {...form.field('reason')}
      />
    </FormDialog>
  )
}

const isChangedMeanwhile = (error: unknown) => error instanceof CallFailure && error.code === 'flags.changed_meanwhile'

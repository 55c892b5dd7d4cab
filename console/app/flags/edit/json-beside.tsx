import { Textarea } from '@mantine/core'
import classes from './flag-editor.module.css'
import type { FlagDraft } from './use-flag-draft.ts'

/** The same flag as flagd writes it. What is changed in one is changed in the other. */
export function JsonBeside({ editing, reason }: { editing: FlagDraft; reason: string | null }) {
  const { draft, typed } = editing
  return (
    <Textarea
      className={classes.code}
      label="As JSON"
      description="flagd’s own form; what is richer than the form is written here."
      size="xs"
      autosize
      minRows={10}
      maxRows={30}
      spellCheck={false}
      readOnly={reason !== null}
      value={typed?.text ?? JSON.stringify(draft.definition, null, 2)}
      error={typed?.wrong}
      onChange={(event) => editing.type(event.currentTarget.value)}
    />
  )
}

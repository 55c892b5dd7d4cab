import { Button, Textarea, TextInput, VisuallyHidden } from '@mantine/core'
import type { Segment } from '../api/wire/flags.ts'
import { sayWho } from '../flags/changed.tsx'
import { DiffLines } from '../flags/diff-lines.tsx'
import classes from '../flags/edit/flag-editor.module.css'
import { Conditions } from '../flags/edit/rule-editor.tsx'
import { LeaveUnsaved } from '../form/leave-unsaved.tsx'
import { useReasonNotToChange } from '../flags/use-reason-not-to-change.ts'
import { CodeToCopy } from '../ui/code-to-copy.tsx'
import { Notice } from '../ui/notice.tsx'
import { SaveSegment } from './save-segment.tsx'
import { draftOf, linesOf } from './segment-draft.ts'
import { type EditedSegment, useSegmentDraft } from './use-segment-draft.ts'

/** Who is meant, as conditions or as JSON; every flag that asks it follows. */
export function SegmentEditor({ segment }: { segment: Segment }) {
  const mayNot = useReasonNotToChange('flags:write')
  const edited = useSegmentDraft(segment)
  const { base, draft, theirs, typed, isChanged } = edited
  const off = mayNot ?? (segment.archived_at ? 'It is archived. Bring it back first.' : null)
  return (
    <>
      {theirs && <Meanwhile edited={edited} theirs={theirs} />}
      <div className={classes.editor}>
        <fieldset className={classes.form} disabled={off !== null}>
          <VisuallyHidden component="legend">Segment {base.key}</VisuallyHidden>
          <section aria-label="Who is meant">
            <h2 className={classes.partHead}>Who is meant</h2>
            <div className={classes.rule}>
              {draft.plain ? (
                <Conditions of="the segment" rule={draft.plain} onChange={edited.ask} />
              ) : (
                <p className={classes.hint}>This rule is richer than the form: it is changed in its JSON.</p>
              )}
            </div>
          </section>
          <section aria-label="About this segment">
            <h2 className={classes.partHead}>About it</h2>
            <div className={classes.fields}>
              <TextInput
                label="Name"
                maxLength={120}
                value={draft.name}
                onChange={(event) => edited.put({ ...draft, name: event.currentTarget.value }, typed)}
              />
              <TextInput
                label="What it is for"
                maxLength={2000}
                value={draft.description}
                onChange={(event) => edited.put({ ...draft, description: event.currentTarget.value }, typed)}
              />
            </div>
          </section>
        </fieldset>
        <Textarea
          className={`${classes.code} ${classes.beside}`}
          label="As JSON"
          size="xs"
          autosize
          minRows={6}
          maxRows={30}
          spellCheck={false}
          readOnly={off !== null}
          value={typed?.text ?? JSON.stringify(draft.definition, null, 2)}
          error={typed?.wrong}
          onChange={(event) => edited.type(event.currentTarget.value)}
        />
      </div>
      <SaveSegment edited={edited} off={off} />
      <LeaveUnsaved isChanged={isChanged} of={`the segment ${base.key}`} />
    </>
  )
}

/** Both changes in sight; a segment is one rule, so one of them goes on top. */
function Meanwhile({ edited, theirs }: { edited: EditedSegment; theirs: Segment }) {
  const { base, draft } = edited
  return (
    <Notice
      state="degraded"
      role="alert"
      title={`${sayWho(theirs.changed_by)} changed this segment while you did`}
      actions={
        <>
          <Button onClick={() => edited.goOn(theirs)}>Go on with mine</Button>
          <Button variant="default" onClick={edited.discard}>
            Take theirs, drop mine
          </Button>
        </>
      }
    >
      <p>Nothing of yours is saved or lost. Going on with yours shows what it changes of theirs before it is saved.</p>
      <div className={classes.two}>
        <section aria-label="Theirs">
          <p className={classes.whose}>Theirs</p>
          <DiffLines lines={linesOf(base, draftOf(theirs))} label="What they changed" />
        </section>
        <section aria-label="Yours">
          <p className={classes.whose}>Yours, not saved</p>
          <DiffLines lines={linesOf(base, draft)} label="What you changed" />
          <CodeToCopy label="As JSON" text={JSON.stringify(draft.definition, null, 2)} />
        </section>
      </div>
    </Notice>
  )
}

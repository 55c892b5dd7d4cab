import { VisuallyHidden } from '@mantine/core'
import { useReasonNotToChange } from '../use-reason-not-to-change.ts'
import { Notice } from '../../ui/notice.tsx'
import { ChangedMeanwhile } from './changed-meanwhile.tsx'
import { withRule } from './draft.ts'
import classes from './flag-editor.module.css'
import { JsonBeside } from './json-beside.tsx'
import { LabelsEditor, PromisesEditor } from './promises-editor.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { SaveFlag } from './save-flag.tsx'
import type { FlagDraft } from './use-flag-draft.ts'
import { VariantsEditor } from './variants-editor.tsx'

/** The rule as a sentence to fill in, its JSON beside it, and all else that a flag says. */
export function FlagEditor({ editing }: { editing: FlagDraft }) {
  const { draft, base, theirs } = editing
  const reason = useReasonNotToChange('flags:write')
  const mayNot = reason ?? (base.archived_at ? 'It is archived.' : null)
  return (
    <>
      {theirs && <ChangedMeanwhile editing={editing} theirs={theirs} />}
      <div className={classes.editor}>
        {/* What may not be changed is read, and not filled in. */}
        <fieldset className={classes.form} disabled={mayNot !== null}>
          <VisuallyHidden component="legend">Flag {base.key}</VisuallyHidden>
          <section className={classes.part} aria-label="Rule">
            <h2 className={classes.partHead}>Who gets what</h2>
            <p className={classes.hint}>From the top: the first rule that somebody meets decides.</p>
            {draft.plain ? (
              <RuleEditor
                plain={draft.plain}
                names={Object.keys(draft.definition.variants)}
                standard={draft.definition.defaultVariant ?? null}
                onChange={(plain) => editing.change((before) => withRule(before, plain))}
              />
            ) : (
              <RicherThanForm rules={base.rules} />
            )}
          </section>
          <section className={classes.part} aria-label="Variants">
            <h2 className={classes.partHead}>What there is to get</h2>
            <div className={classes.fields}>
              <VariantsEditor draft={draft} onChange={editing.change} />
            </div>
          </section>
          <section className={classes.part} aria-label="Promises">
            <h2 className={classes.partHead}>When it cannot be known, and who may ask</h2>
            <div className={classes.fields}>
              <PromisesEditor draft={draft} onChange={editing.change} />
            </div>
          </section>
          <section className={classes.part} aria-label="About this flag">
            <h2 className={classes.partHead}>About it</h2>
            <div className={classes.fields}>
              <LabelsEditor draft={draft} onChange={editing.change} />
            </div>
          </section>
        </fieldset>
        <div className={classes.beside}>
          <JsonBeside editing={editing} reason={mayNot} />
        </div>
      </div>
      <SaveFlag editing={editing} />
    </>
  )
}

function RicherThanForm({ rules }: { rules: readonly string[] }) {
  return (
    <Notice state="degraded" title="This rule is richer than the form">
      <p>It is changed in its JSON, which is beside or beneath. In words it says:</p>
      <ul>
        {rules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
    </Notice>
  )
}

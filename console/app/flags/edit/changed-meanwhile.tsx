import { Button } from '@mantine/core'
import { CodeToCopy } from '../../ui/code-to-copy.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Ago } from '../../ui/time.tsx'
import { sayWho } from '../changed.tsx'
import { DiffLines } from '../diff-lines.tsx'
import type { FlagSeen } from '../read-flags.ts'
import { linesOf } from './draft.ts'
import classes from './flag-editor.module.css'
import { mergeDrafts } from './merge-drafts.ts'
import type { FlagDraft } from './use-flag-draft.ts'

export const CHANGED_MEANWHILE = 'changed-meanwhile'

/** Two people change one flag: both changes are shown, and neither is dropped before somebody has decided. */
export function ChangedMeanwhile({ editing, theirs }: { editing: FlagDraft; theirs: FlagSeen }) {
  const { base, draft, lines } = editing
  const { clashes } = mergeDrafts(base, draft, theirs)
  return (
    <div id={CHANGED_MEANWHILE} tabIndex={-1}>
      <Notice
        state="degraded"
        role="alert"
        title={`${sayWho(theirs.changed_by)} changed this flag while you did`}
        actions={
          <>
            <Button onClick={() => editing.mergeWith(theirs)}>Keep both</Button>
            <Button variant="default" onClick={editing.discard}>
              Take theirs, drop mine
            </Button>
          </>
        }
      >
        <p>
          Nothing of yours is saved or lost.{' '}
          {clashes.length === 0
            ? 'The two changes are about different parts, so both can be kept.'
            : `You both changed: ${clashes.join(', ')}. “Keep both” takes yours there, and theirs everywhere else.`}
        </p>
        <div className={classes.two}>
          <section aria-label="Theirs">
            <p className={classes.whose}>
              Theirs, saved <Ago at={theirs.changed_at} />
            </p>
            <DiffLines lines={linesOf(base, theirs)} label="What they changed" />
          </section>
          <section aria-label="Yours">
            <p className={classes.whose}>Yours, not saved</p>
            <DiffLines lines={lines} label="What you changed" />
          </section>
        </div>
        <details>
          <summary>Yours as JSON</summary>
          <CodeToCopy label="To keep it elsewhere" text={JSON.stringify(draft.definition, null, 2)} />
        </details>
      </Notice>
    </div>
  )
}

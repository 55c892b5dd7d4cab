import type { FlagChange } from '../../api/wire/flags.ts'
import { to } from '../../paths.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Time } from '../../ui/time.tsx'
import { sayWho } from '../changed.tsx'
import { DiffLines } from '../diff-lines.tsx'
import classes from './changes.module.css'
import { sayDeed } from './say-deed.ts'

interface ChangeLineProps {
  change: FlagChange
  /** On the page of one flag its name stands above. */
  isNamed: boolean
  reason: string | null
  onUndo: (change: FlagChange) => void
}

const RESTORE_INSTEAD = 'A change of this kind cannot be undone: restore to an instant before it.'
const KEY_STAYS = 'A key that was replaced never signs again.'

/** One row of the history: who did what to which, what changed by it, why; and the way back. */
export function ChangeLine({ change, isNamed, reason, onUndo }: ChangeLineProps) {
  const { at, by, deed, key, kind, diff, number, reason: why, can_undo } = change
  const isOfKey = deed === 'rotate-key'
  const thing = isOfKey ? 'all flags' : kind === 'set' ? 'the metadata of all flags' : key
  return (
    <li className={classes.change}>
      <div className={classes.head}>
        <p className={classes.who}>
          <strong>{thingLink(isNamed, kind, key) ?? thing}</strong> {sayDeed(deed)} by {sayWho(by)}
        </p>
        <ActButton
          variant="subtle"
          reason={reason ?? (can_undo ? null : isOfKey ? KEY_STAYS : RESTORE_INSTEAD)}
          aria-label={`Undo: ${thing} ${sayDeed(deed)}, ${number}`}
          onClick={() => onUndo(change)}
        >
          Undo
        </ActButton>
      </div>
      <DiffLines lines={diff} label={`What changed in ${number}`} />
      {why && <p className={classes.why}>“{why}”</p>}
      <p className={classes.when}>
        <Time at={at} /> <span>{number}</span>
      </p>
    </li>
  )
}

function thingLink(isNamed: boolean, kind: FlagChange['kind'], key: string) {
  if (!isNamed || kind === 'set') return null
  return <TextLink to={kind === 'flag' ? to.flag(key) : to.segment(key)}>{key}</TextLink>
}

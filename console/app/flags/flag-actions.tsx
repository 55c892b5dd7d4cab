import { Button, Menu } from '@mantine/core'
import type { Flag } from '../api/wire/flags.ts'
import type { FlagAsk } from '../paths.ts'
import { useReasonNotToChange } from './use-reason-not-to-change.ts'
import { ActButton } from '../ui/act-button.tsx'

/** On and off in one step; the rest behind one button. */
export function FlagActions({ flag, onAsk }: { flag: Flag; onAsk: (ask: FlagAsk) => void }) {
  const mayNotWrite = useReasonNotToChange('flags:write')
  const mayNotKill = useReasonNotToChange('flags:kill')
  if (flag.archived_at) {
    return (
      <>
        <ActButton reason={mayNotWrite} onClick={() => onAsk('bring-back')}>
          Bring back
        </ActButton>
        <ActButton variant="default" reason={mayNotWrite} onClick={() => onAsk('delete')}>
          Delete
        </ActButton>
      </>
    )
  }
  return (
    <>
      {!flag.is_enabled && (
        <ActButton reason={mayNotWrite} onClick={() => onAsk('switch-on')}>
          Switch on
        </ActButton>
      )}
      <ActButton variant="outline" color="failing" reason={mayNotKill} onClick={() => onAsk('kill')}>
        Kill switch
      </ActButton>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={mayNotWrite !== null} title={mayNotWrite ?? undefined} onClick={() => onAsk('archive')}>
            Archive
          </Menu.Item>
          <Menu.Item disabled={mayNotWrite !== null} title={mayNotWrite ?? undefined} onClick={() => onAsk('delete')}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

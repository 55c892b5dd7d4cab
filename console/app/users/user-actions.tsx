import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { User } from '../api/wire.ts'
import type { UserAsk } from '../paths.ts'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { reasonNotToAct } from './act-as-user.tsx'
import { useExport } from './export-user.ts'
import classes from './user-actions.module.css'

interface UserActionsProps {
  user: User
  open: (ask: UserAsk) => void
}

/** What can be done about somebody. What cannot be done now stays in sight, with the reason. */
export function UserActions({ user, open }: UserActionsProps) {
  const mayNotAct = useReasonNotTo('users:impersonate')
  const mayNotEnd = useReasonNotTo('sessions:write')
  const noneToEnd = user.live_sessions === 0 ? 'There is no live session to end.' : null
  return (
    <div className={classes.actions}>
      <ActButton reason={mayNotAct ?? reasonNotToAct(user)} onClick={() => open('act')} variant="default">
        Act as this person
      </ActButton>
      <ActButton
        reason={mayNotEnd ?? noneToEnd}
        onClick={() => open('end-all')}
        variant="default"
        className={classes.destructive}
      >
        End all sessions
      </ActButton>
      <More user={user} open={open} />
    </div>
  )
}

function More({ user, open }: UserActionsProps) {
  const mayNotWrite = useReasonNotTo('users:write')
  const mayNotRead = useReasonNotTo('users:read')
  const file = useExport(user)
  const isDeleting = user.state === 'deleting'
  const closed = isDeleting ? 'This account is being deleted. Undo that first.' : null
  const running = file.isPending ? 'The export is under way.' : null
  return (
    <Menu position="top-end" width={280}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Item reason={mayNotWrite} onClick={() => open('edit')}>
          Edit profile and metadata
        </Item>
        <Item reason={mayNotWrite ?? closed} onClick={() => open('email')}>
          Change e-mail
        </Item>
        <Menu.Divider />
        <Item reason={mayNotRead ?? running} onClick={() => file.mutate('json')}>
          Export everything as JSON
        </Item>
        <Item reason={mayNotRead ?? running} onClick={() => file.mutate('html')}>
          Export everything as a page
        </Item>
        <Menu.Divider />
        {user.blocked_at ? (
          <Item reason={mayNotWrite} onClick={() => open('unblock')}>
            Unblock
          </Item>
        ) : (
          <Item reason={mayNotWrite ?? closed} onClick={() => open('block')} isDestructive>
            Block
          </Item>
        )}
        {isDeleting ? (
          <Item reason={mayNotWrite} onClick={() => open('undo-deletion')}>
            Undo deletion
          </Item>
        ) : (
          <Item reason={mayNotWrite} onClick={() => open('delete')} isDestructive>
            Delete account
          </Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

interface ItemProps {
  reason: string | null
  onClick: () => void
  isDestructive?: boolean
  children: string
}

/** Stays in reach of the keyboard when it is off, or nobody would hear why. */
function Item({ reason, onClick, isDestructive = false, children }: ItemProps) {
  const isOff = reason !== null
  return (
    <Menu.Item
      aria-disabled={isOff || undefined}
      closeMenuOnClick={!isOff}
      onClick={isOff ? undefined : onClick}
      className={isOff ? classes.off : isDestructive ? classes.destructive : undefined}
    >
      {children}
      {isOff && <span className={classes.why}>{reason}</span>}
    </Menu.Item>
  )
}

import { Code } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { StaffMember } from '../api/wire/installation.ts'
import { to } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { sayCount } from '../ui/moment.ts'
import { NameCell } from '../ui/name-cell.tsx'
import { Empty } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { type Column, RowTable } from '../ui/row-table.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { useAsking } from '../ui/use-asking.ts'
import { BreakGlass } from './break-glass.tsx'
import { codeSetsQuery, staffQuery } from './read-staff.ts'
import { AskToRemove } from './remove-staff.tsx'
import { GiveRole } from './give-role.tsx'
import classes from './staff-page.module.css'
import { roles, sayPerson, sayRole } from './staff-role.ts'

export const crumb = 'Staff'

export function loader(client: QueryClient) {
  void client.prefetchQuery(staffQuery)
  void client.prefetchQuery(codeSetsQuery)
}

/** What is being done about somebody; null: nothing. */
type Doing = { what: 'give' | 'remove'; member: StaffMember } | null

export function StaffPage() {
  const [doing, setDoing] = useState<Doing>(null)
  const reason = useReasonNotTo('settings:write')
  const stop = () => setDoing(null)
  const { ask } = useSearch({ from: '/staff' })
  const [isAdding, { open, close }] = useAsking(ask === 'add', { asking: to.staff({ ask: 'add' }), silent: to.staff() })
  return (
    <Page
      title="Staff"
      purpose="Who works in this console, and how administrators get in when no mail can be sent."
      actions={
        <ActButton reason={reason} onClick={open}>
          Add staff
        </ActButton>
      }
    >
      <Reading query={useQuery(staffQuery)} about="staff" waiting={<RowsToCome rows={3} />}>
        {({ data }, seen) => <StaffList staff={data} seen={seen} reason={reason} onDo={setDoing} />}
      </Reading>
      <BreakGlass />
      {isAdding && <GiveRole member={null} reason={reason} onClose={close} />}
      {doing?.what === 'give' && <GiveRole member={doing.member} reason={reason} onClose={stop} />}
      {doing?.what === 'remove' && <AskToRemove member={doing.member} onClose={stop} />}
    </Page>
  )
}

interface StaffListProps {
  staff: readonly StaffMember[]
  seen: Seen
  reason: string | null
  onDo: (doing: Doing) => void
}

function StaffList({ staff, seen, reason, onDo }: StaffListProps) {
  if (staff.length === 0) {
    return (
      <Empty title="Nobody works here yet">
        <p>
          The first administrator comes by the link that <Code>holdfast enrol</Code> prints.
        </p>
      </Empty>
    )
  }
  const columns: readonly Column<StaffMember>[] = [
    {
      head: 'Role',
      from: 'medium',
      width: 280,
      cell: ({ role }) => <NameCell name={sayRole(role)}>{roles[role]?.meaning}</NameCell>,
    },
    {
      head: 'Since',
      from: 'wide',
      width: 132,
      cell: ({ created_at }) => (created_at ? <TimeInTwoLines at={created_at} /> : 'Not recorded'),
    },
    {
      head: 'Change',
      width: 228,
      narrow: 124,
      align: 'end',
      cell: (member) => (
        <span className={classes.acts}>
          <ActButton
            variant="subtle"
            reason={reason}
            aria-label={`Change role of ${sayPerson(member.user)}`}
            onClick={() => onDo({ what: 'give', member })}
          >
            Change role
          </ActButton>
          <ActButton
            variant="subtle"
            reason={reason ?? lastAdministrator(staff, member)}
            aria-label={`Remove ${sayPerson(member.user)}`}
            onClick={() => onDo({ what: 'remove', member })}
          >
            Remove
          </ActButton>
        </span>
      ),
    },
  ]
  return (
    <>
      <RowTable
        label="Staff"
        rows={staff}
        rowId={({ user }) => user.id}
        first={{ head: 'Who', cell: (member) => <Who member={member} /> }}
        columns={columns}
        isOld={seen.isOld}
      />
      <Pager first={null} next={null}>
        <span>{sayCount(staff.length, 'person', 'people')}</span>
        <ReadAt seen={seen} />
      </Pager>
    </>
  )
}

/** On a narrow screen the role has no column of its own, and stands beneath the name. */
function Who({ member: { user, role } }: { member: StaffMember }) {
  return (
    <NameCell
      name={
        <Link {...to.user(user.id)} className={classes.person}>
          {sayPerson(user)}
        </Link>
      }
    >
      <span className={classes.narrow}>{sayRole(role)} · </span>
      {user.email ?? user.id}
    </NameCell>
  )
}

function lastAdministrator(staff: readonly StaffMember[], { user }: StaffMember): string | null {
  const administrators = staff.filter(({ role }) => role === 'administrator')
  const isLast = administrators.length === 1 && administrators[0]?.user.id === user.id
  return isLast ? 'The last administrator stays. Make another one first.' : null
}

import { useDisclosure } from '@mantine/hooks'
import { call } from '../../api/call.ts'
import type { Impersonation } from '../../api/wire/sessions.ts'
import { AskDeed } from '../../form/ask-deed.tsx'
import { api } from '../../paths.ts'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'

/** Anybody of the staff who may begin one may end one. */
export function EndImpersonation({ row }: { row: Impersonation }) {
  const [isAsking, { open, close }] = useDisclosure(false)
  const mayNot = useReasonNotTo('users:impersonate')
  const isOver = row.state === 'ended' || row.state === 'lapsed'
  const [who, whom] = [row.staff.name ?? row.staff.id, row.user.name ?? row.user.email ?? row.user.id]
  if (isOver) return null
  return (
    <>
      <ActButton reason={mayNot} variant="default" onClick={open} aria-label={`End: ${who} as ${whom}`}>
        End
      </ActButton>
      <AskDeed
        isOpen={isAsking}
        title={`End that ${who} acts as ${whom}?`}
        yes="End it now"
        isDestructive
        deed={(idempotencyKey) =>
          call<undefined>({ path: api.impersonation(row.id), method: 'DELETE', idempotencyKey })
        }
        said={() => ({ title: 'The impersonation has ended', message: 'Applications are told within seconds.' })}
        onClose={close}
      >
        <p>
          <strong>{who}</strong> is out of the account within seconds. What <strong>{whom}</strong> does in sessions of
          their own goes on.
        </p>
      </AskDeed>
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import type { User } from '../../api/wire.ts'
import { overviewQuery } from '../../reading/overview.ts'
import { signedInQuery } from '../../reading/signed-in.ts'
import { useReasonNotTo } from '../../reading/use-may.ts'

/** Why the reader cannot change by what this person signs in; as access has it, which has the last word. */
export function useReasonNotToChange(user: User): string | null {
  const mayNot = useReasonNotTo('users:write')
  const self = useQuery(signedInQuery).data?.session.user.id
  const role = useQuery(overviewQuery).data?.actor?.role
  if (mayNot) return mayNot
  if (user.id === self) return 'This is your own account: do it on your account page.'
  const isOutOfReach = user.is_administrator && role !== undefined && role !== 'administrator'
  return isOutOfReach ? 'This person works in the console: an administrator has to do that, or they themselves.' : null
}

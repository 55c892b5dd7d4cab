import { useQuery } from '@tanstack/react-query'
import { overviewQuery } from '../reading/overview.ts'
import { useReasonNotTo } from '../reading/use-may.ts'

/** Why nothing can be changed while the tables are not those that were signed over. */
export const HELD = 'Flags are held: restore or adopt first, on the page Flags.'

/** Role, outage, or held flags: access would refuse, and so it is said before anybody tries. */
export function useReasonNotToChange(scope: 'flags:write' | 'flags:kill' | 'flags:restore'): string | null {
  const reason = useReasonNotTo(scope)
  const dependencies = useQuery(overviewQuery).data?.dependencies ?? []
  const isHeld = dependencies.some(({ name, state }) => name === 'flags' && state === 'failing')
  return reason ?? (isHeld ? HELD : null)
}

import { useQuery } from '@tanstack/react-query'
import type { Scope } from '../api/wire/scopes.ts'
import { reasonNotAllowed } from './may.ts'
import { overviewQuery } from './overview.ts'
import { useReasonNotToAct } from './use-outage.ts'

/** Why the reader cannot do this now: their role, or an outage. What it says stands on the disabled button. */
export function useReasonNotTo(scope: Scope): string | null {
  const actor = useQuery(overviewQuery).data?.actor
  const outage = useReasonNotToAct()
  return reasonNotAllowed(actor, scope) ?? outage
}

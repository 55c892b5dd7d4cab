import type { Parts } from '../parts.ts'
import { demandsPasskey } from './queries.ts'

/** Whether an organisation of theirs asks its people to have a passkey; they are then asked at each sign-in by mail. */
export async function requiresPasskey(parts: Parts, userId: string): Promise<boolean> {
  const memberships = await parts.tenants.membershipsOf(parts.db, userId)
  const ids = memberships.map((each) => each.organization_id)
  return ids.length > 0 && demandsPasskey(parts.db, ids)
}

import type { Queries } from '../../../platform/database/index.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import { reinstate } from '../documents/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import type { Caller } from './add-provider.ts'
import { lockedProvider } from './change-provider.ts'

/**
 * Says of a withdrawn key that it was never meant to be: a part of the provider's network served an old set. Only a person who
 * has asked the provider can know that; it is good again as soon as the set holds it.
 */
export async function reinstateKey(
  parts: Parts,
  db: Queries,
  call: Caller,
  { id, thumbprint, reason }: { id: string; thumbprint: string; reason: string },
): Promise<void> {
  await lockedProvider(db, id)
  const key = await reinstate(db, id, thumbprint)
  if (!key) throw refuse('no_withdrawn_key', { thumbprint: thumbprint.slice(0, 60) })
  await parts.audit(db, {
    by: byCaller(call),
    action: 'provider.key_reinstated',
    subject: { kind: 'provider', id },
    facts: { thumbprint, kid: key.kid, reason },
  })
}

import type { Audit, By } from '../../../ground/audit/index.ts'
import { findStaff } from '../../../ground/environment/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Queries } from '../../../platform/database/index.ts'
import type { Secret } from '../../../platform/secret.ts'
import { refuse } from '../refusals.ts'
import { CODES_IN_SET, digestOfCode, newCode } from './code.ts'
import * as queries from './queries.ts'

export interface PrintParts {
  clock: Clock
  secret: Secret
  audit: Audit
}

/** Makes a new set of codes for an administrator; told this once, and what was printed before is void. */
export async function printCodes(
  { clock, secret, audit }: PrintParts,
  db: Queries,
  { userId, by }: { userId: string; by: By },
): Promise<string[]> {
  const staff = await findStaff(db, userId)
  if (staff?.role !== 'administrator') throw refuse('codes_for_administrators')
  const codes = Array.from({ length: CODES_IN_SET }, newCode)
  const digests = codes.map((code) => digestOfCode(secret, userId, code))
  await queries.replaceCodes(db, { userId, digests, by: by.id }, clock.now())
  await audit(db, {
    by,
    action: 'break_glass_codes.printed',
    subject: { kind: 'user', id: userId },
    facts: { codes: codes.length },
  })
  return codes
}

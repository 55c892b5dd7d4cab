import { byCaller } from '../../../ground/audit/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { lockUser } from '../accounts/queries.ts'
import { CODES_IN_SET, newCode } from '../break-glass/code.ts'
import type { Parts } from '../parts.ts'
import { ownerBy } from '../owner.ts'
import { tellMethod } from '../passkeys/mails.ts'
import { assertStrongest } from '../passkeys/strongest.ts'
import { refuse } from '../refusals.ts'
import { digestOfRecoveryCode } from './code.ts'
import * as queries from './queries.ts'

/** Makes a person's set anew after a fresh sign-in; told this once, and the set before is void. */
export async function makeRecoveryCodes(parts: Parts, call: Call): Promise<string[]> {
  const actor = await ownerBy(parts.sessions.guards.freshPersonAlone(), call)
  await assertStrongest(parts, actor)
  const { id: userId } = actor
  const codes = Array.from({ length: CODES_IN_SET }, newCode)
  const digests = codes.map((code) => digestOfRecoveryCode(parts.secret, userId, code))
  const user = await parts.db.transaction(async (db) => {
    // Their turn: of two sets that are made at once, one is left.
    const user = await lockUser(db, userId)
    if (!user) throw refuse('gone')
    await queries.replaceCodes(db, { userId, digests }, parts.clock.now())
    await parts.signal(db, { kind: 'recovery-codes.made', subject: userId, facts: { codes: codes.length } })
    const subject = { kind: 'user', id: userId }
    const facts = { codes: codes.length }
    await parts.audit(db, { by: byCaller(call, userId), action: 'recovery_codes.made', subject, facts })
    return user
  })
  tellMethod(parts, call, user, { kind: 'made' })
  return codes
}

/** How many of them are left, and when they were made; null: there are none. */
export async function recoveryCodesOf(parts: Parts, userId: string): Promise<{ left: number; made_at: Date | null }> {
  const codes = await queries.codesOf(parts.db, userId)
  return { left: codes.filter(({ used_at }) => used_at === null).length, made_at: codes[0]?.made_at ?? null }
}

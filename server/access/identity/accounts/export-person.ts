import { byCaller } from '../../../ground/audit/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { changesOf } from '../email-change/queries.ts'
import { listSignIns as listFailOver } from '../fail-over/queries.ts'
import { linkedOf } from '../federation/queries.ts'
import { listImpersonations } from '../impersonation/queries.ts'
import { listInvitations } from '../invitations/queries.ts'
import type { Parts } from '../parts.ts'
import { passkeysOf } from '../passkeys/queries.ts'
import { findUser } from '../queries.ts'
import { codesOf as recoveryCodesHeld } from '../recovery-codes/queries.ts'
import { listRescues } from '../rescue/queries.ts'
import { accountState, type User } from '../user.ts'
import { noUser } from './list-users.ts'
import { knownBrowsersOf } from './queries.ts'

/** Of one kind of thing; where there are more, the export says so itself. */
export const EXPORTED_MAX = 10_000
const PAGE = 200

/** Everything held about one person. Sections stand in the order in which they are read. */
export interface PersonExport {
  made_at: string
  user_id: string
  /** Names of the sections that were cut at `EXPORTED_MAX`. */
  incomplete: string[]
  sections: Record<string, unknown>
}

/**
 * Everything that is held about a person, whoever holds it (GDPR Art. 15). What is left out is not about them: digests,
 * keys, and codes that live for minutes. That it was made is itself in the audit.
 */
export async function exportPerson(parts: Parts, call: Call, userId: string): Promise<PersonExport> {
  const user = await findUser(parts.db, userId)
  if (!user) throw noUser(userId)
  const subject = { kind: 'user', id: userId }
  await parts.db.transaction((db) =>
    parts.audit(db, { by: byCaller(call, actorOf(call, userId)), action: 'user.exported', subject }),
  )

  const sections: Record<string, unknown> = {
    profile: profileOf(user),
    metadata_public: user.metadata_public,
    metadata_private: user.metadata_private,
    known_browsers: await knownBrowsersOf(parts.db, userId, EXPORTED_MAX),
    passkeys: (await passkeysOf(parts.db, userId)).map(({ credential_id, public_key, user_id, ...held }) => held),
    linked_identities: (await linkedOf(parts.db, userId)).map(({ user_id, ...held }) => held),
    recovery_codes: (await recoveryCodesHeld(parts.db, userId)).map(({ made_at, used_at }) => ({ made_at, used_at })),
    email_changes: await changesOf(parts.db, userId, EXPORTED_MAX),
    sessions: await sessionsOf(parts, userId),
    memberships: (await parts.tenants.membershipsOf(parts.db, userId)).map(({ user_id, ...held }) => held),
    invitations: await invitationsTo(parts, user.email.toLowerCase()),
    impersonations: await impersonationsOf(parts, userId),
    fail_over_sign_ins: (await listFailOver(parts.db, { userId, limit: EXPORTED_MAX })).map(
      ({ user_id, email, name, ...held }) => held,
    ),
    rescues: (await listRescues(parts.db, { userId, limit: EXPORTED_MAX })).map(
      ({ user_id, user_email, user_name, ...held }) => held,
    ),
  }
  for (const [name, exported] of Object.entries(parts.people.exporters)) sections[name] = await exported(userId)
  const incomplete = Object.entries(sections).filter(([, held]) => Array.isArray(held) && held.length >= EXPORTED_MAX)
  return {
    made_at: parts.clock.now().toISOString(),
    user_id: userId,
    incomplete: incomplete.map(([name]) => name),
    sections,
  }
}

async function invitationsTo(parts: Parts, emailKey: string): Promise<unknown[]> {
  const found = await listInvitations(parts.db, { emailKey, limit: PAGE, now: parts.clock.now() })
  return found.map(({ id, organization_id, email, roles, created_at, expires_at, accepted_at }) => ({
    id,
    organization_id,
    email,
    roles,
    created_at,
    expires_at,
    accepted_at,
  }))
}

async function impersonationsOf(parts: Parts, userId: string): Promise<unknown[]> {
  const found = await listImpersonations(parts.db, { userId, limit: EXPORTED_MAX })
  return found.map(({ user_id, user_email, user_name, token_expires_at, ...held }) => held)
}

const actorOf = (call: Call, userId: string) => call.actor?.id ?? userId

function profileOf(user: User) {
  const { id, email, name, picture_url, locale, time_zone, created_at, last_sign_in_at, blocked_at, deletes_at } = user
  const { email_since: since } = user
  return {
    id,
    email,
    email_since: since ?? created_at,
    name,
    picture_url,
    locale,
    time_zone,
    created_at,
    last_sign_in_at,
    state: accountState(user),
    blocked_at,
    blocked_reason: user.blocked_reason,
    deletes_at,
  }
}

/** Live and ended ones, a page at a time until there is none left. */
async function sessionsOf({ sessions }: Parts, userId: string): Promise<unknown[]> {
  const all: unknown[] = []
  let beforeId: string | undefined
  while (all.length < EXPORTED_MAX) {
    const page = await sessions.list({ userId, state: 'all', beforeId, limit: PAGE })
    all.push(...page.map(({ user_id, idle_ms, ...held }) => held))
    if (page.length < PAGE) break
    beforeId = page.at(-1)!.id
  }
  return all
}

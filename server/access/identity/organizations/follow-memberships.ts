import { startJobs } from '../../../platform/jobs.ts'
import { revokeAllOf } from '../invitations/revoke-invitation.ts'
import type { Parts } from '../parts.ts'

/** As the revocations: within a second everywhere. */
const EVERY_MS = 1000
const CHANGES_AT_ONCE = 500

/**
 * Has sessions follow what becomes of memberships: roles that changed, people who left, organisations that go.
 *
 * Each access process follows the log by itself, at least once, and applies what is so now, not what the log once said:
 * two processes that are differently far never bring old roles back. Only then it drops what it remembers.
 */
export function followMemberships(parts: Parts): AsyncDisposable & { follow(): Promise<void> } {
  const { tenants } = parts
  let cursor: number | undefined
  let last = Promise.resolve()

  async function round(): Promise<void> {
    const { head, applied } = await tenants.changes.position()
    // A head behind us is a database that was put back.
    if (cursor === undefined || cursor > head) cursor = Math.min(applied, head)
    while (cursor < head) {
      const changes = await tenants.changes.after(cursor, CHANGES_AT_ONCE)
      if (changes.length === 0) break
      await apply(parts, changes)
      cursor = changes.at(-1)!.seq
      await tenants.changes.noteApplied(cursor)
    }
  }

  /** One round after the other, each begun after it was asked for: what the caller has committed is in it. */
  function follow(): Promise<void> {
    const asked = last.then(round)
    // Whoever asked is told that it failed; the one behind begins all the same.
    last = asked.catch(() => {})
    return asked
  }

  const jobs = startJobs([{ name: 'follow memberships', everyMs: EVERY_MS, run: follow }], parts)
  tenants.onChange(async () => {
    // The change is committed and in the log: what fails now is done by the next round.
    await follow().catch(() => {})
  })
  return { follow, [Symbol.asyncDispose]: () => jobs.stop() }
}

type Changes = Awaited<ReturnType<Parts['tenants']['changes']['after']>>

async function apply(parts: Parts, changes: Changes): Promise<void> {
  const { background, tenants, sessions } = parts
  const people = new Map(
    changes.flatMap(({ organization_id: organizationId, user_id: userId }) =>
      userId === null ? [] : [[`${organizationId} ${userId}`, { organizationId, userId }] as const],
    ),
  )
  for (const { organizationId, userId } of people.values()) {
    await background.transaction(async (db) => {
      const standing = await tenants.standingIn(db, organizationId, userId)
      await sessions.organization.follow(db, { organizationId, userId, standing })
    })
  }
  const whole = new Set(changes.filter((change) => change.user_id === null).map((change) => change.organization_id))
  for (const organizationId of whole) await leave(parts, organizationId)
  sessions.organization.forget({
    userIds: new Set([...people.values()].map((each) => each.userId)),
    organizationIds: whole,
  })
}

/** Unless its deletion was undone meanwhile. */
async function leave(parts: Parts, id: string): Promise<void> {
  const { background, tenants, sessions } = parts
  const organization = await tenants.find(background, id)
  if (organization && !organization.deleted_at) return
  await sessions.organization.leave(id)
  await revokeAllOf(parts, id)
}

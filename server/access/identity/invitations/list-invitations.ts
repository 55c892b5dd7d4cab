import type { Asker } from '../../../ground/tenants/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { type Invitation, type InvitationState, isInvitationId } from './invitation.ts'
import * as queries from './queries.ts'

const LIST_DEFAULT = 50

export interface ListInvitations {
  organization_id?: string | undefined
  state?: InvitationState | 'all' | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

/** Newest first. Staff see all; owners and admins those of an organisation that they name. */
export async function listInvitations(
  parts: Parts,
  actor: Asker['actor'],
  asked: ListInvitations,
): Promise<{ data: Invitation[]; next_cursor: string | null }> {
  const { organization_id: organizationId, state = 'all', limit = LIST_DEFAULT } = asked
  if (organizationId !== undefined) {
    await parts.tenants.assertMay(parts.db, organizationId, actor, { to: 'see invitations' })
  } else if (!actor.isStaff) throw refuse('name_organization')
  const rows = await queries.listInvitations(parts.db, {
    organizationId,
    state: state === 'all' ? undefined : state,
    beforeId: readCursor(asked.cursor),
    limit: limit + 1,
    now: parts.clock.now(),
  })
  const data = rows.slice(0, limit)
  const next = rows.length > limit ? data.at(-1)!.id : null
  return { data, next_cursor: next && Buffer.from(next).toString('base64url') }
}

function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!isInvitationId(id)) throw refuse('bad_cursor')
  return id
}

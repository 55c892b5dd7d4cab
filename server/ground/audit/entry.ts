import type { Queries } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'

/** Who did it, and from where. */
export interface By {
  kind: 'person' | 'token' | 'holdfast' | 'command line'
  /** `usr_…`, `tok_…`, or the kind itself. */
  id: string
  impersonatorId: string | null
  address: string | null
  userAgent: string | null
}

/** What an entry says. No secret, no name and no e-mail address stands in it: ids only. */
export interface AuditSaid {
  by: By
  /** `<noun>.<verb in the past>`: `organization.created`. */
  action: string
  /** `user`, `organization`, `application`, `session`, … */
  subject: { kind: string; id: string }
  organizationId?: string | null
  facts?: Record<string, unknown>
}

/** Appends in the transaction of what it tells: both are kept, or neither. */
export type Audit = (db: Queries, said: AuditSaid) => Promise<void>

/** What happens by itself. */
export const BY_ITSELF: By = { kind: 'holdfast', id: 'holdfast', impersonatorId: null, address: null, userAgent: null }
export const BY_COMMAND_LINE: By = { ...BY_ITSELF, kind: 'command line', id: 'command line' }

const USER_AGENT_MAX = 400

/** Whom a guard let in; a person who is about to be one (a sign-in) is named by `id`. */
export function byCaller(call: Pick<Call, 'actor' | 'address' | 'headers'>, id?: string): By {
  const { actor } = call
  return {
    kind: actor?.kind ?? 'person',
    id: id ?? actor?.id ?? 'nobody',
    impersonatorId: actor?.impersonatorId ?? null,
    address: call.address,
    userAgent: call.headers['user-agent']?.slice(0, USER_AGENT_MAX) ?? null,
  }
}

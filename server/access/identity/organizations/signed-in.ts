import type { Session } from '../../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, redirect } from '../../../platform/http/index.ts'
import { isChange } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import type { User } from '../user.ts'

/** Who looks at a page of theirs, as a guard would have said it. */
export interface Visitor {
  session: Session
  user: User
  actor: NonNullable<Call['actor']>
}

/** Undefined: certainly nobody. What is not known is an outage, and no reason to send anybody to sign-in. */
export async function visitorOf(parts: Parts, call: Call): Promise<Visitor | undefined> {
  const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid') return undefined
  const { session } = answer
  const user = await findUser(parts.db, session.user.id)
  if (!user) return undefined
  const impersonatorId = session.impersonator?.id ?? null
  return {
    session,
    user,
    actor: {
      kind: 'person',
      id: user.id,
      sessionId: session.id,
      isStaff: false,
      impersonatorId,
      changes: isChange(call),
    },
  }
}

/** Back to the page that was asked for; a form is not sent again, so whoever sent one comes to their organisations. */
export function toSignIn(call: Call): Answer {
  const path = call.method === 'GET' ? call.path : '/account/organizations'
  return redirect(`${call.prefix}/sign-in?return_to=${encodeURIComponent(`${call.prefix}${path}`)}`)
}

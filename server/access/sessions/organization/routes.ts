import { Type } from 'typebox'
import { RESCUE_METHOD } from '../../../../sdk/contract.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Tenants } from '../../../ground/tenants/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Call, json, on, orNull, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { Valid } from '../answers.ts'
import { audienceOf } from '../guards.ts'
import type { Sessions } from '../open-sessions.ts'
import { refuse } from '../refusals.ts'

const SwitchOrganization = Type.Object({
  organization_id: orNull(
    Type.String({
      maxLength: 64,
      description: 'One that the person is in; null to act for none.',
      examples: ['org_01jd7s6k2m9q'],
    }),
  ),
})
const SWITCHED =
  'The session stays the same, with the same handle; a fresh proof says the organisation and the roles. The next sign-in begins there.'

/** `PUT /v1/session/organization`: on whose behalf the person acts in this browser. */
export function sessionOrganizationRoutes({ sessions, tenants }: { sessions: Sessions; tenants: Tenants }): Route[] {
  return [
    on(
      'PUT /v1/session/organization',
      {
        tag: 'session',
        summary: 'Act on behalf of another organisation',
        description: SWITCHED,
        guard: sessions.guards.person,
        body: SwitchOrganization,
        answers: { 200: Valid, 401: ProblemShape, 404: ProblemShape },
      },
      async (call) => {
        const { session, cookies } = await switchTo({ sessions, tenants }, call, call.body.organization_id)
        return json(200, { verdict: 'valid', session, source: 'database', age_ms: 0 }, { cookies })
      },
    ),
  ]
}

/** For pages as well. Somebody else's organisation and none at all are refused alike. */
export async function switchTo(
  { sessions, tenants }: { sessions: Sessions; tenants: Tenants },
  call: Call,
  organizationId: string | null,
): Promise<Awaited<ReturnType<Sessions['organization']['switch']>>> {
  const answer = await sessions.verify(call, { audience: audienceOf(call) })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid') throw refuse('not_signed_in', { verdict: 'invalid', reason: answer.reason })
  const { session } = answer
  const isElsewhere = organizationId !== session.organization_id
  if (isElsewhere && session.amr.includes(RESCUE_METHOD)) throw refuse('one_organization')
  const { id: userId } = session.user
  return sessions.organization.switch(call, {
    session,
    by: byCaller(call, userId),
    async choose(db) {
      if (organizationId === null) return null
      const standing = await tenants.standingIn(db, organizationId, userId)
      if (!standing) throw refuse('not_in_organization', { id: organizationId.replace(/[^\w]/g, '') })
      // Support looks on; where the person goes on at the next sign-in is theirs.
      if (!session.impersonator) await tenants.noteUse(db, organizationId, userId)
      return standing
    },
  })
}

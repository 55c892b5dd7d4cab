import type { Static } from 'typebox'
import type { ApplicationDirectory } from '../../../ground/applications/index.ts'
import { type Call, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import type { Sessions } from '../open-sessions.ts'
import { EndList, EndsQuery } from './answers.ts'
import { beforeOf } from './look-up-ends.ts'

const LIST_DEFAULT = 10
const WINDOW_DEFAULT_MIN = 30
const TOLD =
  'By person, by session, or by time. Each end comes with its reason, its author, and what every verifier said at that hour. A session that has not ended is told as such: who was asked to sign in during an outage was not signed out.'

export function sessionEndRoutes({
  sessions,
  applications,
}: {
  sessions: Pick<Sessions, 'guards' | 'lookUpEnds'>
  applications: Pick<ApplicationDirectory, 'find'>
}): Route[] {
  return [
    on(
      'GET /v1/session-ends',
      {
        tag: 'sessions',
        summary: 'Why was I signed out?',
        description: TOLD,
        guard: sessions.guards.personOrStaff('sessions:read'),
        query: EndsQuery,
        answers: { 200: EndList, 400: ProblemShape, 404: ProblemShape },
      },
      async (call: Call<unknown, Static<typeof EndsQuery>>) => {
        const { user_id, session_id, at, window_min = WINDOW_DEFAULT_MIN, limit = LIST_DEFAULT, cursor } = call.query
        const { isStaff, id } = call.actor!
        const asked = {
          // A person sees their own, whatever they ask for.
          userId: isStaff ? user_id : id,
          sessionId: session_id,
          at: at === undefined ? undefined : new Date(at),
          windowMs: window_min * 60_000,
          limit,
          before: beforeOf(cursor),
        }
        return json(200, await sessions.lookUpEnds(asked, (audience) => applications.find(audience)?.name ?? null))
      },
    ),
  ]
}

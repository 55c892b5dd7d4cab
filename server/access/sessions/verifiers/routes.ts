import type { Static } from 'typebox'
import type { ApplicationDirectory } from '../../../ground/applications/index.ts'
import { callers } from '../../../ground/documentation/index.ts'
import { type Call, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import type { Sessions } from '../open-sessions.ts'
import { Report, Taken } from './answers.ts'

const TOLD =
  'The SDK sends this by itself, in the background. Support reads from it what apps answered in the hour in which somebody was signed out.'

export function verifierRoutes({
  sessions,
  applications,
}: {
  sessions: Pick<Sessions, 'reports'>
  applications: Pick<ApplicationDirectory, 'authenticate'>
}): Route[] {
  return [
    on(
      'POST /v1/verifier-reports',
      {
        tag: 'keys',
        summary: 'What an application’s verifier has answered, minute by minute',
        description: TOLD,
        security: callers.application.security,
        body: Report,
        answers: { 200: Taken, 400: ProblemShape, 401: ProblemShape, 429: ProblemShape },
      },
      async (call: Call<Static<typeof Report>>) => {
        const { id } = applications.authenticate(call.headers.authorization)
        return json(200, { kept: await sessions.reports.take(id, call.body) })
      },
    ),
  ]
}

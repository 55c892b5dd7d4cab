import type { ApplicationDirectory } from '../../ground/applications/index.ts'
import { callers } from '../../ground/documentation/index.ts'
import { type Call, empty, json, on, ProblemShape, type Route } from '../../platform/http/index.ts'
import { emptyLocker } from './empty-locker.ts'
import { fillLocker } from './fill-locker.ts'
import type { LockerName } from './locker.ts'
import type { Parts } from './parts.ts'
import { readLocker } from './read-locker.ts'
import { refuse } from './refusals.ts'
import { Fill, Filled, Held, Key, Touch, Touched } from './shapes.ts'
import { touchLocker } from './touch-locker.ts'

export interface RoutesOptions {
  parts: Parts
  applications: Pick<ApplicationDirectory, 'authenticate'>
}

const DIGEST = /^[A-Za-z0-9_-]{43}$/
const GONE = '404 and 410 are knowledge. In an outage the answer is 503 with the verdict `unknown`.'

export function lockerRoutes({ parts, applications }: RoutesOptions): Route[] {
  /** An application reaches its own lockers and no others. */
  const nameOf = ({ headers, params }: Call<unknown, unknown, { key: string }>): LockerName => {
    const application = applications.authenticate(headers.authorization).id
    if (!DIGEST.test(params.key)) throw refuse('bad_key')
    return { application, key: Buffer.from(params.key, 'base64url') }
  }
  const shared = { tag: 'lockers', security: callers.application.security, params: Key } as const
  const refused = { 400: ProblemShape, 401: ProblemShape }
  const missing = { 404: ProblemShape, 410: ProblemShape }
  return [
    on(
      'GET /v1/lockers/{key}',
      { ...shared, summary: 'Read a locker', description: GONE, answers: { 200: Held, ...refused, ...missing } },
      async (call) => {
        const { content, expires_at } = await readLocker(parts, nameOf(call))
        return json(200, { content, expires_at: expires_at.toISOString() })
      },
    ),
    on(
      'PUT /v1/lockers/{key}',
      {
        ...shared,
        summary: 'Fill a locker',
        description: 'The last one wins. What was emptied stays so; nothing is written when nothing has changed.',
        body: Fill,
        answers: { 200: Filled, ...refused, 409: ProblemShape, 410: ProblemShape, 413: ProblemShape },
      },
      async (call) => {
        const { content, expires_in_s: expiresInS, age_ms: ageMs = 0 } = call.body
        const { outcome, expires_at } = await fillLocker(parts, nameOf(call), { content, expiresInS, ageMs })
        return json(200, { outcome, expires_at: expires_at.toISOString() })
      },
    ),
    on(
      'PATCH /v1/lockers/{key}',
      {
        ...shared,
        summary: 'Let a locker live on',
        description: 'Moves the expiry, once a minute at most.',
        body: Touch,
        answers: { 200: Touched, ...refused, ...missing },
      },
      async (call) => {
        const { expires_at } = await touchLocker(parts, nameOf(call), call.body.expires_in_s)
        return json(200, { expires_at: expires_at.toISOString() })
      },
    ),
    on(
      'DELETE /v1/lockers/{key}',
      {
        ...shared,
        summary: 'Empty a locker for good',
        description: 'It cannot be filled again. Done twice it is done once.',
        answers: { 204: null, ...refused },
      },
      async (call) => {
        await emptyLocker(parts, nameOf(call))
        return empty(204)
      },
    ),
  ]
}

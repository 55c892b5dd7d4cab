import { empty, type Guard, json, on, ProblemShape, type Route } from '../../platform/http/index.ts'
import { once } from '../../platform/idempotency.ts'
import { DatabaseOutage } from '../../platform/database/index.ts'
import type { Scope } from '../environment/index.ts'
import type { ApplicationRow } from './application.ts'
import { createApplication } from './create-application.ts'
import { deleteApplication, endSessionsOfDeleted } from './delete-application.ts'
import { listApplications, withSessions } from './list-applications.ts'
import type { Parts } from './parts.ts'
import { rotateKey } from './rotate-key.ts'
import {
  ApplicationList,
  ApplicationShape,
  CreateApplication,
  Id,
  ListApplications,
  Made,
  RotateKey,
  Rotated,
  shown,
  UpdateApplication,
} from './shapes.ts'
import { findApplication, updateApplication } from './update-application.ts'

/** The HTTP face of applications, as a table. */
export function applicationRoutes(parts: Parts, staff: (scope: Scope) => Guard): Route[] {
  return [...reading(parts, staff('applications:read')), ...changing(parts, staff('applications:write'))]
}

const tag = 'applications'

function reading(parts: Parts, guard: Guard): Route[] {
  const read = { tag, guard }
  return [
    on(
      'GET /v1/applications',
      { ...read, summary: 'Applications, newest first', query: ListApplications, answers: { 200: ApplicationList } },
      async (call) => json(200, await listApplications(parts, call.query)),
    ),
    on(
      'GET /v1/applications/{id}',
      { ...read, summary: 'One application', params: Id, answers: { 200: ApplicationShape, 404: ProblemShape } },
      async (call) => json(200, await whole(parts, await findApplication(parts.db, call.params.id))),
    ),
  ]
}

function changing(parts: Parts, guard: Guard): Route[] {
  const write = { tag, guard, isIdempotent: true } as const
  return [
    on(
      'POST /v1/applications',
      {
        ...write,
        summary: 'Make an application',
        body: CreateApplication,
        answers: { 201: Made, 400: ProblemShape, 409: ProblemShape },
      },
      async (call) => {
        const answer = await once(parts, call, async (db) => {
          const { row, key } = await createApplication(parts, db, call, call.body)
          return json(201, { application: shown(row, 0, parts.clock.now()), key })
        })
        await learn(parts)
        return answer
      },
    ),
    on(
      'PATCH /v1/applications/{id}',
      {
        ...write,
        summary: 'Change an application',
        params: Id,
        body: UpdateApplication,
        answers: { 200: ApplicationShape, 400: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      async (call) => {
        const { id } = call.params
        const live = (await parts.countLive([id])).get(id) ?? 0
        const answer = await once(parts, call, async (db) => {
          const row = await updateApplication(parts, db, call, { ...call.body, id })
          return json(200, shown(row, live, parts.clock.now()))
        })
        await learn(parts)
        return answer
      },
    ),
    on(
      'DELETE /v1/applications/{id}',
      {
        ...write,
        summary: 'Delete an application and end its sessions',
        description: 'Its keys are void at once, its sessions end within seconds, its id is never used again.',
        params: Id,
        answers: { 204: null, 404: ProblemShape },
      },
      async (call) => {
        const answer = await once(parts, call, async (db) => {
          await deleteApplication(parts, db, call, call.params.id)
          return empty(204)
        })
        await learn(parts)
        // Nobody waits for a million ends; what this leaves, the next round takes.
        endSessionsOfDeleted(parts).catch((error) => {
          if (!(error instanceof DatabaseOutage)) parts.log.error({ err: error }, 'sessions could not be ended yet')
        })
        return answer
      },
    ),
    on(
      'POST /v1/applications/{id}/key-rotations',
      {
        ...write,
        summary: 'Make a new key',
        description: 'The key before stays good for a day, unless `revoke_previous` says otherwise.',
        params: Id,
        body: RotateKey,
        answers: { 201: Rotated, 404: ProblemShape },
      },
      async (call) => {
        const { id } = call.params
        const live = (await parts.countLive([id])).get(id) ?? 0
        const answer = await once(parts, call, async (db) => {
          const isPreviousRevoked = call.body.revoke_previous === true
          const { row, key } = await rotateKey(parts, db, call, { id, isPreviousRevoked })
          const application = shown(row, live, parts.clock.now())
          return json(201, { application, key, previous_key_valid_until: application.previous_key_valid_until })
        })
        await learn(parts)
        return answer
      },
    ),
  ]
}

async function whole(parts: Parts, row: ApplicationRow) {
  const [application] = await withSessions(parts, [row])
  return application
}

/** At once here, within five seconds in other processes. */
async function learn({ directory, log }: Parts): Promise<void> {
  try {
    await directory.reload()
  } catch (error) {
    // The change is committed, and read again every few seconds.
    if (!(error instanceof DatabaseOutage)) throw error
    log.warn({}, 'the change of an application is known here a little later: the database is away')
  }
}

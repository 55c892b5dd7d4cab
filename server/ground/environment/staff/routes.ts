import { Type } from 'typebox'
import type { Clock } from '../../../platform/clock.ts'
import { type Database, DatabaseOutage, type Queries } from '../../../platform/database/index.ts'
import {
  type Call,
  empty,
  type Guard,
  json,
  on,
  orNull,
  ProblemShape,
  type Route,
  Time,
} from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import type { Logger } from '../../../platform/log.ts'
import type { Secret } from '../../../platform/secret.ts'
import { auditAt } from '../../audit/index.ts'
import { signalAt } from '../../signals/index.ts'
import type { Administrators } from '../administrators.ts'
import { listStaff, type StaffRow } from '../queries.ts'
import { type Scope, type StaffRole, staffRoles } from '../scopes.ts'
import { type ChangeParts, removeStaff, setRole } from './change-staff.ts'
import { refuse } from './refusals.ts'

export interface StaffPerson {
  email: string | null
  name: string | null
}

export interface StaffRoutesOptions {
  db: Database
  clock: Clock
  log: Logger
  secret: Secret
  administrators: Administrators
  staff(scope: Scope, freshness?: { freshWithinMs?: number }): Guard
  /** What people are called; who is not there has no account. */
  people(ids: readonly string[]): Promise<Map<string, StaffPerson>>
  scopesOfCaller: ChangeParts['scopesOfCaller']
  ableAmong: ChangeParts['ableAmong']
  /** Within the transaction: what goes with the role. */
  onRemoved(db: Queries, userId: string): Promise<void>
  /** Ends their sessions in the console. */
  endConsoleSessions(input: { userId: string; by: string }): Promise<unknown>
}

/** Who may let others in has signed in just now: a browser that was left open does not. */
const FRESH_WITHIN_MS = 10 * 60_000

const Role = Type.Unsafe<StaffRole>({
  type: 'string',
  enum: Object.keys(staffRoles),
  description:
    '`administrator`: everything. `support`: sees what people ask about, and helps. `product`: everything about flags, and no people.',
  examples: ['support'],
})
const Member = Type.Object(
  {
    user: Type.Object(
      {
        id: Type.String({ description: 'The id of the person.', examples: ['usr_01jd7s5x8r3w'] }),
        email: orNull(Type.String({ description: 'Their address.', examples: ['sam@acme.example'] })),
        name: orNull(Type.String({ description: 'Their name.', examples: ['Sam Support'] })),
      },
      { description: 'Who.' },
    ),
    role: Role,
    created_at: Time('When they were given this role.'),
    created_by: Type.String({
      description: 'By whom: the id of a person or of a token, `enrolment`, or `command line`.',
      examples: ['enrolment'],
    }),
  },
  { description: 'Somebody who works in the console.' },
)
const StaffList = Type.Object({
  data: Type.Array(Member, { description: 'All of them.' }),
  next_cursor: orNull(Type.String({ description: 'Always null: there is one page.' })),
})
const UserId = Type.Object({ user_id: Type.String({ maxLength: 64, description: 'The id of the person.' }) })
const SetRole = Type.Object({ role: Role })

/** The HTTP face of staff, as a table. */
export function staffRoutes(options: StaffRoutesOptions): Route[] {
  const { db, clock } = options
  const parts: ChangeParts = {
    now: () => clock.now(),
    audit: auditAt(() => clock.now()),
    signal: signalAt(() => clock.now()),
    scopesOfCaller: options.scopesOfCaller,
    ableAmong: options.ableAmong,
  }
  const tag = 'staff'
  const write = {
    tag,
    description: 'In the console it needs a sign-in within the last ten minutes.',
    guard: options.staff('settings:write', { freshWithinMs: FRESH_WITHIN_MS }),
    isIdempotent: true,
    params: UserId,
  } as const
  return [
    on(
      'GET /v1/staff',
      { tag, summary: 'Who works in the console', guard: options.staff('settings:read'), answers: { 200: StaffList } },
      async () => json(200, { data: await shown(options, await listStaff(db)), next_cursor: null }),
    ),
    on(
      'PUT /v1/staff/{user_id}',
      {
        ...write,
        summary: 'Make somebody staff, or give them another role',
        body: SetRole,
        answers: { 200: Member, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      async (call) => {
        const { user_id: userId } = call.params
        const person = (await options.people([userId])).get(userId)
        if (!person) throw refuse('no_user', { id: userId.replace(/[^\w]/g, '') })
        const answer = await once(options, call, async (tx) => {
          const row = await setRole(parts, tx, call, { userId, role: call.body.role })
          if (row.role !== 'administrator') await options.onRemoved(tx, userId)
          return json(200, member(row, person))
        })
        await learn(options)
        return answer
      },
    ),
    on(
      'DELETE /v1/staff/{user_id}',
      {
        ...write,
        summary: 'Close the console to somebody',
        answers: { 204: null, 404: ProblemShape, 409: ProblemShape },
      },
      (call) => remove(options, parts, call),
    ),
  ]
}

async function remove(
  options: StaffRoutesOptions,
  parts: ChangeParts,
  call: Call<unknown, unknown, { user_id: string }>,
) {
  const { user_id: userId } = call.params
  const answer = await once(options, call, async (tx) => {
    await removeStaff(parts, tx, call, userId)
    await options.onRemoved(tx, userId)
    return empty(204)
  })
  await learn(options)
  // Their sessions open nothing any more: that they are ended too is for the list of sessions to be true.
  await options.endConsoleSessions({ userId, by: call.actor!.id })
  return answer
}

/** At once here, within five seconds in other processes. */
async function learn({ administrators, log }: StaffRoutesOptions): Promise<void> {
  try {
    await administrators.reload()
  } catch (error) {
    if (!(error instanceof DatabaseOutage)) throw error
    log.warn({}, 'the change of staff is known here a little later: the database is away')
  }
}

async function shown(options: StaffRoutesOptions, rows: readonly StaffRow[]) {
  const people = await options.people(rows.map((row) => row.user_id))
  return rows.map((row) => member(row, people.get(row.user_id)))
}

const member = (row: StaffRow, person: StaffPerson | undefined) => ({
  user: { id: row.user_id, email: person?.email ?? null, name: person?.name ?? null },
  role: row.role,
  created_at: row.granted_at,
  created_by: row.granted_by,
})

import type { Scope } from '../../../ground/environment/index.ts'
import type { Database, Queries } from '../../../platform/database/index.ts'
import { empty, type Guard, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { type OnceParts, once } from '../../../platform/idempotency.ts'
import { Id } from '../manage/shapes.ts'
import { refuse } from '../refusals.ts'
import { isOpen, type Verdict } from '../verdict.ts'
import { clearOrder, GiveOrder, giveOrder, type OrderParts } from './order.ts'
import * as queries from './queries.ts'
import { ChangeList, EvidenceList, LIMIT_DEFAULT, Page, VerdictShape } from './shapes.ts'

export interface HealthRoutesParts extends OnceParts, OrderParts {
  /** What people wait for. */
  request: Database
  staff(scope: Scope, freshness?: { freshWithinMs?: number }): Guard
  /** What was ordered is known in this process at once, in the others within two seconds. */
  learn(): Promise<void>
}

/** It opens or closes a way in for everybody of a provider: whoever does it has signed in just now. */
const FRESH_WITHIN_MS = 10 * 60_000
const tag = 'providers'

/** The HTTP face of what is held of providers, as a table. */
export function healthRoutes(parts: HealthRoutesParts): Route[] {
  return [...reading(parts), ...ordering(parts)]
}

function reading({ request, staff }: HealthRoutesParts): Route[] {
  const read = { tag, guard: staff('providers:read'), params: Id, query: Page } as const
  return [
    on(
      'GET /v1/providers/{id}/evidence',
      {
        ...read,
        summary: 'What was seen of an identity provider in the last hour',
        description: 'Each endpoint of each look of each access process, and the back-channel half of real sign-ins.',
        answers: { 200: EvidenceList, 404: ProblemShape },
      },
      async ({ params, query: { limit = LIMIT_DEFAULT, cursor } }) => {
        await assertThere(request, params.id)
        const asked = { providerId: params.id, beforeId: readCursor(cursor), limit: limit + 1 }
        const rows = await queries.listEvidence(request, asked)
        const page = rows.slice(0, limit)
        const data = page.map(({ id: _, ...row }) => row)
        return json(200, { data, next_cursor: rows.length > limit ? cursorOf(page.at(-1)!.id) : null })
      },
    ),
    on(
      'GET /v1/providers/{id}/history',
      {
        ...read,
        summary: 'What was held of an identity provider, and why',
        answers: { 200: ChangeList, 404: ProblemShape },
      },
      async ({ params, query: { limit = LIMIT_DEFAULT, cursor } }) => {
        await assertThere(request, params.id)
        const asked = { providerId: params.id, beforeEpoch: readCursor(cursor), limit: limit + 1 }
        const rows = await queries.listChanges(request, asked)
        const data = rows.slice(0, limit)
        return json(200, { data, next_cursor: rows.length > limit ? cursorOf(data.at(-1)!.epoch) : null })
      },
    ),
  ]
}

function ordering(parts: HealthRoutesParts): Route[] {
  const write = { tag, params: Id, isIdempotent: true } as const
  return [
    on(
      'POST /v1/providers/{id}/order',
      {
        ...write,
        summary: 'Send people another way than a provider, or forbid it',
        description:
          'For a day at most, and over whatever is seen. It replaces an earlier order. In the console it needs a sign-in within the last ten minutes.',
        guard: parts.staff('providers:write', { freshWithinMs: FRESH_WITHIN_MS }),
        body: GiveOrder,
        answers: { 200: VerdictShape, 400: ProblemShape, 404: ProblemShape },
      },
      async (call) => {
        const answer = await once(parts, call, async (db) => {
          const verdict = await giveOrder(parts, db, call, { ...call.body, id: call.params.id })
          return json(200, shownVerdict(verdict, verdict.decided_at))
        })
        await parts.learn()
        return answer
      },
    ),
    on(
      'DELETE /v1/providers/{id}/order',
      {
        ...write,
        summary: 'Take back an order',
        description: 'What is seen decides again, at once. Done twice it is done once.',
        guard: parts.staff('providers:write'),
        answers: { 204: null, 404: ProblemShape },
      },
      async (call) => {
        const answer = await once(parts, call, async (db) => {
          await clearOrder(parts, db, call, call.params.id)
          return empty(204)
        })
        await parts.learn()
        return answer
      },
    ),
  ]
}

function shownVerdict(verdict: Verdict, now: Date) {
  const { provider_id, epoch, state, since, open_since, why } = verdict
  const { ordered, ordered_reason, ordered_by, ordered_until } = verdict
  const is_open = isOpen(verdict, { now, unknownOpens: false })
  const order = { ordered, ordered_reason, ordered_by, ordered_until }
  return { provider_id, epoch, state, since, open_since, is_open, why, ...order }
}

async function assertThere(db: Queries, id: string): Promise<void> {
  if ((await queries.nameOf(db, id)) === undefined) throw refuse('no_provider', { id: id.replace(/[^\w]/g, '') })
}

const cursorOf = (number: number) => Buffer.from(String(number)).toString('base64url')

/** Everything is before the largest number. */
function readCursor(cursor: string | undefined): number {
  if (cursor === undefined || cursor === '') return Number.MAX_SAFE_INTEGER
  const said = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!/^\d{1,15}$/.test(said)) throw refuse('bad_cursor')
  return Number(said)
}

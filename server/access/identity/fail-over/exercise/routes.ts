import { type Static, Type } from 'typebox'
import { type Call, json, on, orNull, type Route, Time } from '../../../../platform/http/index.ts'
import type { Parts } from '../../parts.ts'
import { refuse } from '../../refusals.ts'
import { EXERCISED_EVERY_MS, exerciseMethods, FAILING_FROM, STALE_MS } from './exercise.ts'
import * as queries from './queries.ts'
import { standingOfExercises } from './standing.ts'

const LIST_DEFAULT = 50
const text = (description: string, example: string) => Type.String({ description, examples: [example] })
const Method = Type.Unsafe<(typeof exerciseMethods)[number]>(
  Type.String({
    enum: [...exerciseMethods],
    description: 'By what the synthetic identity signed in.',
    examples: ['passkey'],
  }),
)
const Exercise = Type.Object(
  {
    id: text('Of the exercise.', '4711'),
    method: Method,
    at: Time('When.'),
    process_id: text('Which process did it.', 'web-1 4242'),
    is_good: Type.Boolean({ description: 'Whether it got a session.', examples: [true] }),
    took_ms: Type.Integer({ description: 'Milliseconds from the first question to the session.', examples: [31] }),
    detail: orNull(text('Where it failed.', 'The database: no connection was free within 750 ms.')),
  },
  { description: 'One sign-in of a synthetic identity.' },
)
const List = Type.Object(
  {
    data: Type.Array(Exercise, { description: 'Newest first.' }),
    standing: Type.Array(
      Type.Object(
        {
          method: Method,
          last_good_at: orNull(Time('When it last worked; null: never yet.')),
          is_failing: Type.Boolean({ description: `Whether the last ${FAILING_FROM} failed.`, examples: [false] }),
          is_stale: Type.Boolean({
            description: `Whether none was good within ${STALE_MS / 60_000} minutes: nobody can say that it works.`,
            examples: [false],
          }),
        },
        { description: 'How one method stands.' },
      ),
      { description: 'How each method stands.' },
    ),
    every_s: Type.Integer({ description: 'How often it is exercised.', examples: [EXERCISED_EVERY_MS / 1000] }),
    next_cursor: orNull(Type.String({ description: 'Send it as `cursor` for the next page; null on the last one.' })),
  },
  { description: 'Whether the fall-back works, seen by using it.' },
)
const Query = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})

export const exerciseRoutes = (parts: Parts): Route[] => [
  on(
    'GET /v1/fail-over/exercises',
    {
      tag: 'providers',
      summary: 'Whether the fall-back works: sign-ins of a synthetic identity',
      guard: parts.sessions.guards.staff('providers:read'),
      query: Query,
      answers: { 200: List },
    },
    async (call) => json(200, await list(parts, call)),
  ),
]

async function list(parts: Parts, { query }: Call<unknown, Static<typeof Query>>) {
  const { limit = LIST_DEFAULT, cursor } = query
  if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) throw refuse('bad_cursor')
  const rows = await queries.listExercises(parts.db, { beforeId: cursor, limit: limit + 1 })
  const data = rows.slice(0, limit)
  return {
    data,
    standing: await standingOfExercises(parts.db, parts.clock.now()),
    every_s: EXERCISED_EVERY_MS / 1000,
    next_cursor: rows.length > limit ? data.at(-1)!.id : null,
  }
}

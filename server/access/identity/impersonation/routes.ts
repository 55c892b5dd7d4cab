import { type Static, Type } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { type Call, empty, json, on, orNull, ProblemShape, type Route, Time } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { endImpersonation } from './end-impersonation.ts'
import { ImpersonateToken, postEnd, postImpersonate, showImpersonate } from './hosted.ts'
import { MINUTES, REASON, stateOf } from './impersonation.ts'
import { orderImpersonation } from './order-impersonation.ts'
import { findImpersonation, type ImpersonationRow, listImpersonations } from './queries.ts'

const text = (description: string, example: string) => Type.String({ description, examples: [example] })
const Shape = Type.Object(
  {
    id: text('Of the impersonation.', 'imp_01jd7s6k2m9q'),
    user: Type.Object(
      {
        id: text('Of the person.', 'usr_01jd7s5x8r3w'),
        email: orNull(text('Their address.', 'ana@acme.example')),
        name: orNull(text('Their name.', 'Ana')),
      },
      { description: 'In whose name.' },
    ),
    staff: Type.Object(
      { id: text('Of whoever acts.', 'usr_01jd7s5x8r3w'), name: orNull(text('Their name.', 'Sam Support')) },
      { description: 'Who acts.' },
    ),
    audience: text('`account`, or the application it is for.', 'app_notes'),
    reason: text('Why; the person reads it.', 'Ana asked why her notes are gone (ticket 4711)'),
    minutes: Type.Integer({ description: 'For how long at most.', examples: [15] }),
    state: Type.Unsafe<ReturnType<typeof stateOf>>(
      Type.String({
        enum: ['waiting', 'live', 'ended', 'lapsed'],
        description: 'The link was not followed yet; it is under way; it is over; the link was never followed.',
        examples: ['live'],
      }),
    ),
    created_at: Time('When it was asked for.'),
    started_at: orNull(Time('When it began; null: not yet, or never.')),
    ends_at: orNull(Time('When it is over at the latest.')),
    ended_at: orNull(Time('When it was over.')),
    ended_by: orNull(text('Who ended it.', 'holdfast')),
    session_id: orNull(text('Its session.', 'ses_01jd7s6k2m9q')),
  },
  { description: 'Support that acts as a person.' },
)
const Order = Type.Object({
  user_id: Type.String({ maxLength: 64, description: 'In whose name.', examples: ['usr_01jd7s5x8r3w'] }),
  application_id: Type.Optional(
    Type.String({ maxLength: 64, description: 'In which application; left out: on the account pages.' }),
  ),
  reason: Type.String({
    minLength: REASON.least,
    maxLength: REASON.most,
    pattern: '\\S.{8,}\\S',
    description: 'Why. The person reads it.',
    examples: ['Ana asked why her notes are gone (ticket 4711)'],
  }),
  minutes: Type.Optional(
    Type.Integer({
      minimum: MINUTES.least,
      maximum: MINUTES.most,
      description: `For how long at most; ${MINUTES.usual} when left out.`,
      examples: [15],
    }),
  ),
})
const Ordered = Type.Object(
  {
    impersonation: Shape,
    url: text('Open it in your browser within a minute; it works once.', 'https://id.acme.example/impersonate/…'),
  },
  { description: 'It begins when the link is followed and its button pressed.' },
)
const Id = Type.Object({
  id: Type.String({ maxLength: 64, description: 'Of the impersonation.', examples: ['imp_01jd7s6k2m9q'] }),
})
const ListQuery = Type.Object({
  user_id: Type.Optional(Type.String({ maxLength: 64, description: 'In the name of one person only.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})
const List = Type.Object(
  {
    data: Type.Array(Shape, { description: 'Newest first.' }),
    next_cursor: orNull(text('Send it as `cursor` for the next page; null on the last one.', 'imp_01jd7s6k2m9q')),
  },
  { description: 'Impersonations, newest first.' },
)

export const impersonationRoutes = (parts: Parts): Route[] => [...pages(parts), ...api(parts)]

function pages(parts: Parts): Route[] {
  const frame = { tag: 'pages', kind: 'page', params: ImpersonateToken } as const
  return [
    on('GET /impersonate/{token}', { ...frame, summary: 'Who will act as whom, and why' }, (call) =>
      showImpersonate(parts, call),
    ),
    on('POST /impersonate/{token}', { ...frame, summary: 'Act in somebody’s name' }, (call) =>
      postImpersonate(parts, call),
    ),
    on('POST /impersonation/end', { tag: 'pages', kind: 'page', summary: 'Act in nobody’s name any more' }, (call) =>
      postEnd(parts, call),
    ),
  ]
}

function api(parts: Parts): Route[] {
  const { guards } = parts.sessions
  const onceParts = { db: parts.db, clock: parts.clock, secret: parts.secret }
  const tag = 'users'
  return [
    on(
      'GET /v1/impersonations',
      {
        tag,
        summary: 'Support that acted as people',
        guard: guards.staff('users:read'),
        query: ListQuery,
        answers: { 200: List },
      },
      async (call) => json(200, await list(parts, call)),
    ),
    on(
      'POST /v1/impersonations',
      {
        tag,
        summary: 'Act as a person, for minutes and with a reason',
        description:
          'Answers a link to follow in your own browser. Both names stand in the audit; the person is told. Never as staff, nor as somebody whose account is blocked or being deleted; not by a token.',
        guard: guards.staff('users:impersonate', { freshWithinMs: FRESH_SIGN_IN_MS }),
        isIdempotent: true,
        body: Order,
        answers: { 201: Ordered, 400: ProblemShape, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) =>
        once(onceParts, call, async (db) => {
          const { row, url } = await orderImpersonation(parts, call, db, call.body)
          return json(201, { impersonation: shown(parts, row), url })
        }),
    ),
    on(
      'DELETE /v1/impersonations/{id}',
      {
        tag,
        summary: 'End it now',
        guard: guards.staff('users:impersonate'),
        isIdempotent: true,
        params: Id,
        answers: { 204: null, 404: ProblemShape },
      },
      (call) => remove(parts, call),
    ),
  ]
}

async function remove(parts: Parts, call: Call<unknown, unknown, { id: string }>) {
  let tell = async () => {}
  const answer = await once({ db: parts.db, clock: parts.clock, secret: parts.secret }, call, async (db) => {
    const row = await findImpersonation(db, call.params.id)
    if (!row) throw refuse('no_impersonation', { id: call.params.id.replace(/[^\w]/g, '') })
    if (row.ended_at === null) tell = (await endImpersonation(parts, db, row, byCaller(call))).tell
    return empty(204)
  })
  await tell()
  return answer
}

async function list(parts: Parts, call: Call<unknown, Static<typeof ListQuery>>) {
  const { user_id: userId, limit = 50, cursor } = call.query
  if (cursor !== undefined && !/^imp_[0-9a-z]{1,40}$/.test(cursor)) throw refuse('bad_cursor')
  const rows = await listImpersonations(parts.db, { userId, beforeId: cursor, limit: limit + 1 })
  const data = rows.slice(0, limit).map((row) => shown(parts, row))
  return { data, next_cursor: rows.length > limit ? data.at(-1)!.id : null }
}

function shown(parts: Parts, row: ImpersonationRow) {
  return {
    id: row.id,
    user: { id: row.user_id, email: row.user_email, name: row.user_name },
    staff: { id: row.staff_id, name: row.staff_name },
    audience: row.audience,
    reason: row.reason,
    minutes: row.minutes,
    state: stateOf(row, parts.clock.now()),
    created_at: row.created_at,
    started_at: row.started_at,
    ends_at: row.ends_at,
    ended_at: row.ended_at,
    ended_by: row.ended_by,
    session_id: row.session_id,
  }
}

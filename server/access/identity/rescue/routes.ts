import type { Static } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { type Call, empty, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { postRescue, RescueForm, showRescue } from './hosted.ts'
import { type IssueRescue as Input, issueRescue, type RescueIssued } from './issue-rescue.ts'
import { mailCode, tellManagers } from './mails.ts'
import * as queries from './queries.ts'
import { type RescueRow, stateOf } from './rescue.ts'
import { Issued, IssueRescue, List, ListQuery, OrganizationId, RescueId } from './shapes.ts'
import { withdrawRescue } from './withdraw-rescue.ts'

const LIST_DEFAULT = 50

/** Break-glass for administrators of organisations, as a table. */
export const rescueRoutes = (parts: Parts): Route[] => [...pages(parts), ...api(parts)]

function pages(parts: Parts): Route[] {
  const frame = { tag: 'pages', kind: 'page' } as const
  return [
    on('GET /sign-in/rescue', { ...frame, summary: 'Type the code of a rescue' }, (call) => showRescue(parts, call)),
    on('POST /sign-in/rescue', { ...frame, summary: 'Sign in by it', body: RescueForm }, (call) =>
      postRescue(parts, call),
    ),
  ]
}

function api(parts: Parts): Route[] {
  const { guards } = parts.sessions
  const fresh = {
    guard: guards.staff('organizations:write', { freshWithinMs: FRESH_SIGN_IN_MS }),
    isIdempotent: true,
  } as const
  const tag = 'organizations'
  return [
    on(
      'GET /v1/rescues',
      {
        tag,
        summary: 'Ways in that were made for administrators who were locked out',
        guard: guards.staff('organizations:read'),
        query: ListQuery,
        answers: { 200: List },
      },
      async (call) => json(200, await list(parts, call)),
    ),
    on(
      'POST /v1/organizations/{id}/rescues',
      {
        tag,
        summary: 'Let an administrator of an organisation in who is locked out, once',
        description:
          'For an administrator of the installation, in front of a browser, signed in within the last ten minutes; not for a token. Everybody who manages the organisation is told.',
        ...fresh,
        params: OrganizationId,
        body: IssueRescue,
        answers: { 201: Issued, 400: ProblemShape, 403: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) => issue(parts, call),
    ),
    on(
      'DELETE /v1/rescues/{id}',
      {
        tag,
        summary: 'Take it back, and end what it began',
        guard: guards.staff('organizations:write'),
        isIdempotent: true,
        params: RescueId,
        answers: { 204: null, 404: ProblemShape },
      },
      (call) => withdraw(parts, call),
    ),
  ]
}

async function issue(parts: Parts, call: Call<Input, unknown, { id: string }>) {
  let made: RescueIssued | undefined
  const answer = await once({ db: parts.db, clock: parts.clock, secret: parts.secret }, call, async (db) => {
    made = await issueRescue(parts, call, db, { organizationId: call.params.id, input: call.body })
    const { row, code, url, organization } = made
    const body = { rescue: shown(parts, row, organization.name), url, code: row.hand_over === 'voice' ? code : null }
    return json(201, body)
  })
  // Where the answer was only repeated, everybody was told the first time.
  if (made) await tell(parts, call, made)
  return answer
}

async function tell(parts: Parts, call: Call, { row, code, url, organization }: RescueIssued): Promise<void> {
  const [person] = await queries.readersAmong(parts.db, [row.user_id])
  if (person && row.hand_over === 'mail')
    mailCode(parts, person, { organization: organization.name, code, url, expiresAt: row.expires_at })
  await tellManagers(parts, row, { kind: 'issued', address: call.address })
}

async function withdraw(parts: Parts, call: Call<unknown, unknown, { id: string }>) {
  let tell = async () => {}
  const answer = await once({ db: parts.db, clock: parts.clock, secret: parts.secret }, call, async (db) => {
    const row = await queries.findRescue(db, call.params.id)
    if (!row) throw refuse('no_rescue', { id: call.params.id.replace(/[^\w]/g, '') })
    tell = (await withdrawRescue(parts, db, row, byCaller(call))).tell
    return empty(204)
  })
  await tell()
  return answer
}

async function list(parts: Parts, { query }: Call<unknown, Static<typeof ListQuery>>) {
  const { organization_id: organizationId, user_id: userId, limit = LIST_DEFAULT, cursor } = query
  if (cursor !== undefined && !/^rsc_[0-9a-z]{1,40}$/.test(cursor)) throw refuse('bad_cursor')
  const rows = await queries.listRescues(parts.db, { organizationId, userId, beforeId: cursor, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const ids = [...new Set(page.map((row) => row.organization_id))]
  const names = ids.length === 0 ? new Map<string, string>() : await parts.tenants.names(parts.db, ids)
  return {
    data: page.map((row) => shown(parts, row, names.get(row.organization_id) ?? null)),
    next_cursor: rows.length > limit ? page.at(-1)!.id : null,
  }
}

function shown(parts: Parts, row: RescueRow, organizationName: string | null) {
  return {
    id: row.id,
    organization: { id: row.organization_id, name: organizationName },
    user: { id: row.user_id, email: row.user_email, name: row.user_name },
    issued_by: { id: row.issued_by, name: row.issued_by_name },
    audience: row.audience,
    reason: row.reason,
    hand_over: row.hand_over,
    state: stateOf(row, parts.clock.now()),
    created_at: row.created_at,
    expires_at: row.expires_at,
    used_at: row.used_at,
    session_id: row.session_id,
  }
}

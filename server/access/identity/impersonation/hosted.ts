import { Type } from 'typebox'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import type { Parts } from '../parts.ts'
import { beginImpersonation, lookAtImpersonation } from './begin-impersonation.ts'
import { endImpersonation } from './end-impersonation.ts'
import { nameOf, stateOf } from './impersonation.ts'
import { type Acted, impersonatePage, impersonationEndedPage, impersonationOverPage } from './pages.ts'
import { findBySession, listImpersonations } from './queries.ts'

export const ImpersonateToken = Type.Object({ token: Type.String({ maxLength: 64 }) })
type TokenCall = Call<unknown, unknown, { token: string }>

/** `GET /impersonate/{token}`: begins nothing, however often it is opened. */
export async function showImpersonate(parts: Parts, call: TokenCall): Promise<Answer> {
  const seen = await lookAtImpersonation(parts, call, call.params.token)
  if (seen.outcome === 'over') return over(parts, call)
  const { row } = seen
  const view = pageOf(parts, call)
  return page(
    200,
    impersonatePage(view, {
      staff: row.staff_name ?? view.words.impersonation.support,
      person: nameOf(row),
      reason: row.reason,
      minutes: row.minutes,
      form: formTo(`/impersonate/${call.params.token}`),
    }),
  )
}

/** `POST /impersonate/{token}`: the button on that page. */
export async function postImpersonate(parts: Parts, call: TokenCall): Promise<Answer> {
  const begun = await beginImpersonation(parts, call, call.params.token)
  if (begun.outcome === 'over') return over(parts, call)
  const { cookies } = begun
  return redirect(call.application === null ? '/account' : `${call.origin}/`, { cookies })
}

/** `POST /impersonation/end`: by support, from the banner. */
export async function postEnd(parts: Parts, call: Call): Promise<Answer> {
  const audience = call.application ?? ACCOUNT_AUDIENCE
  const answer = await parts.sessions.verify(call, { audience })
  const ended = page(200, impersonationEndedPage(pageOf(parts, call)))
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid' || !answer.session.impersonator) return ended
  const { id, user, impersonator } = answer.session
  const row = await findBySession(parts.db, id, user.id)
  if (row) {
    const { tell } = await parts.db.transaction((db) =>
      endImpersonation(parts, db, row, byCaller(call, impersonator.id)),
    )
    await tell()
  }
  return { ...ended, cookies: parts.sessions.clearing(call, audience) }
}

const SHOWN_MAX = 10
const SHOWN_MS = 90 * 24 * 3_600_000

/** What the person is shown of it on their account page. */
export async function actedOf(parts: Parts, userId: string): Promise<Acted[]> {
  const now = parts.clock.now()
  const rows = await listImpersonations(parts.db, { userId, limit: SHOWN_MAX })
  return rows
    .filter((row) => row.started_at && now.getTime() - row.started_at.getTime() < SHOWN_MS)
    .map((row) => ({
      staff: row.staff_name,
      reason: row.reason,
      from: row.started_at!,
      to: stateOf(row, now) === 'live' ? row.ends_at! : (row.ended_at ?? row.ends_at!),
    }))
}

const over = (parts: Parts, call: Call) => page(410, impersonationOverPage(pageOf(parts, call)))

import { type Static, Type } from 'typebox'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, on, page, redirect, type Route } from '../../../platform/http/index.ts'
import { audienceInWords } from '../brand.ts'
import { pageOf } from '../hosted/page-of.ts'
import type { Parts } from '../parts.ts'
import { findUser } from '../queries.ts'
import { endedBefore, type SessionEnd, unknownAnswers } from '../../sessions/index.ts'
import { endedPage, type EndShown } from './ended-page.ts'

const EndedQuery = Type.Object({
  before: Type.Optional(Type.String({ maxLength: 200 })),
  lang: Type.Optional(Type.String({ maxLength: 8 })),
})
const SHOWN = 20
const WINDOW_MS = 30 * 60_000

/** `GET /account/ended`: why was I signed out? */
export const endedRoutes = (parts: Parts): Route[] => [
  on(
    'GET /account/ended',
    { tag: 'pages', kind: 'page', summary: 'Why was I signed out?', query: EndedQuery },
    (call) => showEnded(parts, call),
  ),
]

async function showEnded(parts: Parts, call: Call<unknown, Static<typeof EndedQuery>>): Promise<Answer> {
  const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid') {
    return redirect(`${call.prefix}/sign-in?return_to=${encodeURIComponent(`${call.prefix}/account/ended`)}`)
  }
  const userId = answer.session.user.id
  const asked = { userId, windowMs: WINDOW_MS, limit: SHOWN, before: endedBefore(call.query.before) }
  const { data, still_live, next_cursor } = await parts.sessions.lookUpEnds(asked, () => null)
  const user = await findUser(parts.db, userId)
  return page(
    200,
    endedPage(pageOf(parts, call, user), {
      ends: data.map((end) => shown(parts, end)),
      live: still_live.map(({ device, began_at }) => ({ device: device.name, beganAt: new Date(began_at) })),
      unknownLately: still_live[0] ? unknownAnswers(still_live[0]) : 0,
      olderPath: next_cursor && `/account/ended?before=${encodeURIComponent(next_cursor)}`,
    }),
  )
}

function shown(parts: Parts, end: SessionEnd): EndShown {
  return {
    device: end.device.name,
    application: audienceInWords(parts, end.audience),
    beganAt: new Date(end.began_at),
    endedAt: new Date(end.ended_at!),
    reason: end.reason!,
    by: byOf(end),
    isUsual: end.is_usual,
    unknownAnswers: unknownAnswers(end),
  }
}

function byOf({ ended_by: by, reason, idle_after_s }: SessionEnd): EndShown['by'] {
  const days = Math.round(idle_after_s / 86_400)
  if (reason === 'idle' && days > 0) return { kind: 'unused', days }
  if (reason === 'impersonation_ended' && by?.kind === 'staff') return { kind: 'support' }
  if (by?.kind === 'person') return { kind: 'person', device: by.device }
  return { kind: by?.kind ?? 'holdfast' }
}

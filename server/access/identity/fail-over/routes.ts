import type { Static } from 'typebox'
import { type Answer, type Call, json, on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import { Type } from 'typebox'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import * as queries from './queries.ts'
import { savePolicy, showPolicy, withdrawPolicy } from './save-policy.ts'
import { PolicyShown, Refusals, RefusalsQuery, SavePolicy, SignIns, SignInsQuery } from './shapes.ts'

const LIST_DEFAULT = 50
const REFUSALS_MAX = 200
const REFUSALS_SHOWN_MS = 31 * 24 * 60 * 60_000
const OrganizationId = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The id of an organisation.', examples: ['org_01jd7s6k2m9q'] }),
})
const LOOSER =
  'A policy that lets in nobody who was kept out before holds at once (200). A looser one waits for 24 hours, and never begins while the provider of either is down, not well or switched off (202; one that was switched off for a week counts as given up); those who manage the organisation are told by mail. Sessions that have begun go on.'

/** How organisations sign in, and who was let in while a provider was down. */
export function failOverRoutes(parts: Parts): Route[] {
  const { guards } = parts.sessions
  const tag = 'organizations'
  const writing = {
    tag,
    guard: guards.staff('organizations:write', { freshWithinMs: FRESH_SIGN_IN_MS }),
    isIdempotent: true,
    params: OrganizationId,
  } as const
  return [
    on(
      'GET /v1/organizations/{id}/sign-in-policy',
      {
        tag,
        summary: 'How the people of an organisation sign in',
        guard: guards.staff('organizations:read'),
        params: OrganizationId,
        answers: { 200: PolicyShown, 404: ProblemShape },
      },
      (call) => showPolicy(parts, call),
    ),
    on(
      'PUT /v1/organizations/{id}/sign-in-policy',
      {
        ...writing,
        summary: 'Say how they sign in',
        description: LOOSER,
        body: SavePolicy,
        answers: { 200: PolicyShown, 202: PolicyShown, 400: ProblemShape, 404: ProblemShape, 409: ProblemShape },
      },
      (call) => savePolicy(parts, call),
    ),
    on(
      'DELETE /v1/organizations/{id}/sign-in-policy/waiting',
      { ...writing, summary: 'Withdraw a looser policy that waits', answers: { 204: null, 404: ProblemShape } },
      (call) => withdrawPolicy(parts, call),
    ),
    on(
      'GET /v1/fail-over/sign-ins',
      {
        tag: 'providers',
        summary: 'Who was let in while a provider was down',
        guard: guards.staff('providers:read'),
        query: SignInsQuery,
        answers: { 200: SignIns, 400: ProblemShape },
      },
      (call) => listSignIns(parts, call),
    ),
    on(
      'GET /v1/fail-over/refusals',
      {
        tag: 'providers',
        summary: 'Whom fail-over kept out, counted by the hour',
        description: 'Of the last 31 days, newest first, 200 at most. Nobody is named.',
        guard: guards.staff('providers:read'),
        query: RefusalsQuery,
        answers: { 200: Refusals },
      },
      (call) => listRefusals(parts, call),
    ),
  ]
}

async function listRefusals(parts: Parts, call: Call<unknown, Static<typeof RefusalsQuery>>): Promise<Answer> {
  const since = new Date(parts.clock.now().getTime() - REFUSALS_SHOWN_MS)
  const filter = { organizationId: call.query.organization, since, limit: REFUSALS_MAX }
  const rows = await queries.listRefusals(parts.db, filter)
  const names = await namesOf(
    parts,
    rows.map((row) => row.organization_id),
  )
  const data = rows.map((row) => ({ ...row, organization_name: names.get(row.organization_id) ?? null }))
  return json(200, { data, next_cursor: null })
}

async function listSignIns(parts: Parts, call: Call<unknown, Static<typeof SignInsQuery>>): Promise<Answer> {
  const { provider, organization, user, limit = LIST_DEFAULT, cursor } = call.query
  if (cursor !== undefined && !/^fos_[0-9a-z]{1,40}$/.test(cursor)) throw refuse('bad_cursor')
  const filter = { providerId: provider, organizationId: organization, userId: user, beforeId: cursor }
  const rows = await queries.listSignIns(parts.db, { ...filter, limit: limit + 1 })
  const data = rows.slice(0, limit)
  const names = await namesOf(
    parts,
    data.flatMap((row) => row.organization_id ?? []),
  )
  return json(200, {
    data: data.map(({ user_id, email, name, provider_id, organization_id: of, ...row }) => ({
      ...row,
      user: { id: user_id, email, name },
      organization: of === null ? null : { id: of, name: names.get(of) ?? null },
      provider: { id: provider_id, name: parts.providers.find(provider_id)?.name ?? null },
    })),
    next_cursor: rows.length > limit ? data.at(-1)!.id : null,
  })
}

async function namesOf(parts: Parts, organizationIds: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(organizationIds)]
  return ids.length === 0 ? new Map() : parts.tenants.names(parts.db, ids)
}

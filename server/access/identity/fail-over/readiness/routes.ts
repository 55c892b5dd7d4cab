import { json, on, ProblemShape, type Route } from '../../../../platform/http/index.ts'
import type { Parts } from '../../parts.ts'
import { listOrganizationsReady, listPeopleNotReady, listReadiness } from './list-readiness.ts'
import { previewPolicy } from './preview-policy.ts'
import { ACTIVE_WITHIN_DAYS } from './readiness.ts'
import {
  OrganizationId,
  OrganizationsReady,
  Paging,
  PeopleNotReady,
  PeopleQuery,
  Preview,
  PreviewQuery,
  ProviderId,
  ReadinessList,
} from './shapes.ts'

/** Who could sign in if a provider died now, as a table. */
export function readinessRoutes(parts: Parts): Route[] {
  const guard = parts.sessions.guards.staff('providers:read')
  const frame = { tag: 'providers', guard } as const
  return [
    on(
      'GET /v1/readiness',
      { ...frame, summary: 'Who could sign in if a provider died now', answers: { 200: ReadinessList } },
      async () =>
        json(200, {
          data: await listReadiness(parts),
          active_within_days: ACTIVE_WITHIN_DAYS,
          next_cursor: null,
        }),
    ),
    on(
      'GET /v1/readiness/{provider}/organizations',
      {
        ...frame,
        summary: 'The same by organisation',
        params: ProviderId,
        query: Paging,
        answers: { 200: OrganizationsReady, 404: ProblemShape },
      },
      async (call) => json(200, await listOrganizationsReady(parts, call.params.provider, call.query)),
    ),
    on(
      'GET /v1/readiness/{provider}/people',
      {
        ...frame,
        summary: 'Who could not, or by less than a passkey, and why',
        params: ProviderId,
        query: PeopleQuery,
        answers: { 200: PeopleNotReady, 404: ProblemShape },
      },
      async (call) => json(200, await listPeopleNotReady(parts, call.params.provider, call.query)),
    ),
    on(
      'GET /v1/organizations/{id}/fail-over-preview',
      {
        ...frame,
        summary: 'Who of an organisation could sign in under a policy',
        params: OrganizationId,
        query: PreviewQuery,
        answers: { 200: Preview, 400: ProblemShape, 404: ProblemShape },
      },
      async (call) => json(200, await previewPolicy(parts, call.params.id, call.query.policy)),
    ),
  ]
}

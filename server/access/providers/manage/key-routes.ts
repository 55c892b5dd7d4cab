import { Type } from 'typebox'
import { empty, json, on, orNull, ProblemShape, type Route, Time } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import { listKeys } from '../documents/index.ts'
import type { Parts } from '../parts.ts'
import { reinstateKey } from '../settings/reinstate-key.ts'
import { FRESH_WITHIN_MS, learn, type Managing } from './managing.ts'
import { Id } from './shapes.ts'

const KeyList = Type.Object({
  data: Type.Array(
    Type.Object({
      thumbprint: Type.String({
        description: 'What it is known by (RFC 7638).',
        examples: ['NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'],
      }),
      kid: orNull(Type.String({ description: 'What the provider calls it.', examples: ['2026-11-a'] })),
      first_seen_at: Time('When it was first in a good key set.'),
      last_seen_at: Time('When it last was.'),
      withdrawn_at: orNull(Time('When a good set no longer held it; null: it was not withdrawn.')),
    }),
    { description: 'The newest 200, as they were first seen.' },
  ),
})

const Reinstate = Type.Object(
  {
    thumbprint: Type.String({ minLength: 1, maxLength: 100, description: 'Of a key that was withdrawn.' }),
    reason: Type.String({
      minLength: 5,
      maxLength: 500,
      description: 'Why it is good; it stands in the audit.',
      examples: ['The provider says it is theirs, ticket 4711'],
    }),
  },
  { additionalProperties: false },
)

const tag = 'providers'

/** Keys of providers: what was seen of them, and the way back for one that a stale set took away. */
export function keyRoutes(parts: Parts, managing: Managing): Route[] {
  return [
    on(
      'GET /v1/providers/{id}/keys',
      {
        tag,
        guard: managing.staff('providers:read'),
        summary: 'The keys of an identity provider, as they were seen',
        params: Id,
        answers: { 200: KeyList },
      },
      async ({ params }) => json(200, { data: await listKeys(parts.db, params.id) }),
    ),
    on(
      'POST /v1/providers/{id}/key-reinstatements',
      {
        tag,
        guard: managing.staff('providers:write', { freshWithinMs: FRESH_WITHIN_MS }),
        isIdempotent: true,
        summary: 'Take back that a key was withdrawn',
        description:
          'For a provider whose network served an old key set for a while. The key is good again as soon as the set holds it.',
        params: Id,
        body: Reinstate,
        answers: { 204: null, 404: ProblemShape },
      },
      async (call) => {
        const answer = await once(parts, call, async (db) => {
          await reinstateKey(parts, db, call, { id: call.params.id, ...call.body })
          return empty(204)
        })
        await learn(parts, managing)
        return answer
      },
    ),
  ]
}

import { Type } from 'typebox'
import { type OnceParts, once } from '../../platform/idempotency.ts'
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
} from '../../platform/http/index.ts'
import { callers } from '../documentation/index.ts'
import type { Scope } from '../environment/index.ts'
import { authenticate } from './authenticate.ts'
import { CreateBrowserToken, createBrowserToken } from './create-browser-token.ts'
import { CreateToken, createToken, ScopeShape } from './create-token.ts'
import { getToken, ListTokens, listTokens } from './list-tokens.ts'
import type { Parts } from './parts.ts'
import { revokeToken } from './revoke-token.ts'
import { stateOf, type Token, type TokenKind, type TokenState } from './token.ts'

/** A token outlives the browser that made it: whoever makes one has signed in just now. */
const FRESH_WITHIN_MS = 10 * 60_000

const text = (description: string, ...examples: string[]) =>
  Type.String({ description, ...(examples.length > 0 && { examples }) })
const id = text('The id of the token. No secret.', 'tok_01jd7s6k2m9q')
const Id = Type.Object({ id: Type.String({ maxLength: 64, description: 'The id of the token.' }) })
const Scopes = Type.Array(ScopeShape, { description: 'What it may do.' })
const ExpiresAt = orNull(Time('From then on it is refused; null: until it is revoked.'))
const Name = text('What uses it.', 'Nightly export')

const TokenShape = Type.Object(
  {
    id,
    name: Name,
    kind: Type.Unsafe<TokenKind>({
      type: 'string',
      enum: ['machine', 'browser'],
      description:
        '`machine`: a program’s. `browser`: of a page, for everybody to see; it asks flags and nothing else.',
      examples: ['machine'],
    }),
    hint: text('The last characters of the token, by which one is told from another.', 'k3Qz'),
    scopes: Scopes,
    origins: Type.Array(Type.String(), {
      description: 'Of a browser token: the pages that may send it.',
      examples: [['https://app.acme.example']],
    }),
    created_at: Time('When it was made.'),
    created_by: text('Who made it: the id of a person or of a token.', 'usr_01jd7s5x8r3w'),
    expires_at: ExpiresAt,
    last_used_at: orNull(Time('When it was last used, within a minute; null: never.')),
    revoked_at: orNull(Time('When it was revoked; null: it was not.')),
    revoked_by: orNull(text('Who revoked it.', 'usr_01jd7s5x8r3w')),
    state: Type.Unsafe<TokenState>({
      type: 'string',
      enum: ['live', 'expired', 'revoked'],
      description: 'Only a live one is accepted.',
      examples: ['live'],
    }),
  },
  { description: 'A machine token, or a browser token; never the secret itself.' },
)
const TokenList = Type.Object({
  data: Type.Array(TokenShape, { description: 'Newest first.' }),
  next_cursor: orNull(text('For the next page; null: this was the last.', 'dG9rXzAxamQ3czZrMm05cQ')),
})
const Made = Type.Object({
  token: TokenShape,
  secret: text('The token itself, told this once: what a program sends as a Bearer token.', 'hf_production_tok_…'),
})
const OwnToken = Type.Object(
  {
    id,
    name: Name,
    scopes: Scopes,
    environment: text('The environment it is good in.', 'production'),
    expires_at: ExpiresAt,
  },
  { description: 'The token that asks.' },
)

/** The HTTP face of tokens, as a table. */
export function tokenRoutes(
  parts: Parts,
  staff: (scope: Scope, freshness?: { freshWithinMs?: number }) => Guard,
): Route[] {
  const tag = 'tokens'
  const read = { tag, guard: staff('tokens:read') }
  const shown = (token: Token) => ({ ...token, state: stateOf(token, parts.clock.now()) })
  const onceParts: OnceParts = parts
  return [
    on(
      'GET /v1/tokens',
      { ...read, summary: 'Machine and browser tokens, newest first', query: ListTokens, answers: { 200: TokenList } },
      async (call) => {
        const { data, next_cursor } = await listTokens(parts, call.query)
        return json(200, { data: data.map(shown), next_cursor })
      },
    ),
    on(
      'POST /v1/tokens',
      {
        tag,
        summary: 'Make a machine token',
        description: 'With scopes of your own only. In the console it needs a sign-in within the last ten minutes.',
        guard: staff('tokens:write', { freshWithinMs: FRESH_WITHIN_MS }),
        isIdempotent: true,
        body: CreateToken,
        answers: { 201: Made, 403: ProblemShape },
      },
      (call) =>
        once(onceParts, call, async (db) => {
          const { token, secret } = await createToken(parts, db, call, call.body)
          return json(201, { token: shown(token), secret })
        }),
    ),
    on(
      'POST /v1/browser-tokens',
      {
        tag,
        summary: 'Make a browser token',
        description:
          'For a page, and so for everybody to see: it gets the answers of flags that are marked for browsers (`holdfast.client` in their metadata), from the origins named, and nothing else. It is listed and revoked among the machine tokens.',
        guard: staff('tokens:write', { freshWithinMs: FRESH_WITHIN_MS }),
        isIdempotent: true,
        body: CreateBrowserToken,
        answers: { 201: Made, 403: ProblemShape },
      },
      (call) =>
        once(onceParts, call, async (db) => {
          const { token, secret } = await createBrowserToken(parts, db, call, call.body)
          return json(201, { token: shown(token), secret })
        }),
    ),
    on(
      'GET /v1/tokens/{id}',
      { ...read, summary: 'One machine token', params: Id, answers: { 200: TokenShape, 404: ProblemShape } },
      async (call) => json(200, shown(await getToken(parts, call.params.id))),
    ),
    on(
      'DELETE /v1/tokens/{id}',
      {
        tag,
        summary: 'Revoke a machine token',
        description: 'For good. It is refused here at once, and by other access processes within two seconds.',
        guard: staff('tokens:write'),
        isIdempotent: true,
        params: Id,
        answers: { 204: null, 404: ProblemShape },
      },
      (call) =>
        once(onceParts, call, async (db) => {
          await revokeToken(parts, db, call, call.params.id)
          return empty(204)
        }),
    ),
    on(
      'GET /v1/token',
      { tag, summary: 'Who am I, for a machine token', security: callers.token.security, answers: { 200: OwnToken } },
      (call) => whoAmI(parts, call),
    ),
  ]
}

async function whoAmI(parts: Parts, call: Call) {
  const { id, name, scopes, expires_at } = await authenticate(parts, call.headers.authorization)
  return json(200, { id, name, scopes, environment: parts.environment, expires_at })
}

import { type Static, Type } from 'typebox'
import type { Queries } from '../../platform/database/index.ts'
import { newId, newSecret } from '../../platform/id.ts'
import { byCaller } from '../audit/index.ts'
import { allScopes, type Scope, scopes as meanings } from '../environment/index.ts'
import type { Call } from '../../platform/http/index.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'
import { refuse } from './refusals.ts'
import { digestOfToken, formatToken, hintOf, type Token } from './token.ts'

/** Thirteen months: a year, and time to change it. What lives longer is forgotten by everybody who knew it. */
export const EXPIRES_IN_DAYS_MAX = 400
const DAY_MS = 24 * 60 * 60_000
const NAME_MAX = 80

export const NameShape = Type.String({
  maxLength: NAME_MAX,
  description: 'What uses it; people find it by this.',
  examples: ['Nightly export'],
})
export const LifeShape = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: EXPIRES_IN_DAYS_MAX,
    description: 'Left out: it is good until it is revoked.',
    examples: [90],
  }),
)

export const ScopeShape = Type.Unsafe<Scope>({
  type: 'string',
  enum: allScopes,
  description: 'What it may do.',
  examples: ['users:read'],
})

export type CreateToken = Static<typeof CreateToken>
export const CreateToken = Type.Object({
  name: NameShape,
  scopes: Type.Array(ScopeShape, {
    minItems: 1,
    maxItems: allScopes.length,
    description: `What it may do. ${Object.entries(meanings)
      .map(([scope, means]) => `\`${scope}\`: ${means.toLowerCase()}.`)
      .join(' ')}`,
    examples: [['users:read']],
  }),
  expires_in_days: LifeShape,
})

/**
 * Makes a token and returns it, once.
 *
 * Nobody gives what they have not: a program or a support person that could make a token with more scopes than its own
 * would have them all.
 */
export async function createToken(
  parts: Parts,
  db: Queries,
  call: Pick<Call, 'actor' | 'address' | 'headers'>,
  input: CreateToken,
): Promise<{ token: Token; secret: string }> {
  const now = parts.clock.now()
  const name = readName(input.name)
  const scopes = allScopes.filter((scope) => input.scopes.includes(scope))
  const own = await scopesOfCaller(parts, db, call)
  const beyond = scopes.filter((scope) => !own.has(scope))
  if (beyond.length > 0) throw refuse('beyond_own', { scopes: beyond.join(', ') })

  return makeToken(parts, db, call, {
    ...{ now, name, kind: 'machine', scopes, origins: [], expires_in_days: input.expires_in_days },
    facts: { scopes },
  })
}

interface Making extends Pick<Token, 'name' | 'kind' | 'scopes' | 'origins'> {
  now: Date
  expires_in_days: number | undefined
  /** For the audit, besides when it expires. */
  facts: Record<string, unknown>
}

/** What was decided about it becomes a row, an audit entry, and a secret that nobody sees again. */
export async function makeToken(
  parts: Parts,
  db: Queries,
  call: Pick<Call, 'actor' | 'address' | 'headers'>,
  { now, expires_in_days: days, facts, ...decided }: Making,
): Promise<{ token: Token; secret: string }> {
  const secret = formatToken(parts.environment, decided.kind, newSecret())
  const token = await queries.insertToken(db, {
    ...{ id: newId('tok', now), digest: digestOfToken(secret), hint: hintOf(secret) },
    ...decided,
    ...{
      created_at: now,
      created_by: call.actor!.id,
      expires_at: days ? new Date(now.getTime() + days * DAY_MS) : null,
    },
  })
  await parts.audit(db, {
    by: byCaller(call),
    action: 'token.created',
    subject: { kind: 'token', id: token.id },
    facts: { ...facts, expires_at: token.expires_at },
  })
  return { token, secret }
}

export function readName(given: string): string {
  const name = given.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (name === '') throw refuse('bad_name')
  return name
}

/** As the database says now: a token that was revoked a second ago makes no successor. */
export async function scopesOfCaller(
  parts: Parts,
  db: Queries,
  { actor }: Pick<Call, 'actor'>,
): Promise<ReadonlySet<Scope>> {
  if (actor?.kind === 'person') return parts.scopesOf(actor.id)
  const token = actor && (await queries.findToken(db, actor.id))
  return new Set(token && token.revoked_at === null ? token.scopes : [])
}

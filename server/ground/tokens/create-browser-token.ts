import { type Static, Type } from 'typebox'
import type { Queries } from '../../platform/database/index.ts'
import type { Call } from '../../platform/http/index.ts'
import { ORIGIN_LENGTH_MAX, ORIGINS_MAX, readOrigins } from '../applications/index.ts'
import { LifeShape, makeToken, NameShape, readName, scopesOfCaller } from './create-token.ts'
import type { Parts } from './parts.ts'
import { refuse } from './refusals.ts'
import type { Token } from './token.ts'

export type CreateBrowserToken = Static<typeof CreateBrowserToken>
export const CreateBrowserToken = Type.Object({
  name: NameShape,
  origins: Type.Array(Type.String({ maxLength: ORIGIN_LENGTH_MAX }), {
    minItems: 1,
    maxItems: ORIGINS_MAX,
    description: 'The pages that may send it, as browsers name them.',
    examples: [['https://app.acme.example']],
  }),
  expires_in_days: LifeShape,
})

/** What a browser token may do, whatever becomes of scopes. */
const MAY = 'flags:evaluate'

/**
 * Makes a token for browsers and returns it, once.
 *
 * Everybody who opens the page can read it. So it asks for the answers of flags that are marked for browsers and does
 * nothing else; the list of origins keeps other sites from spending it.
 */
export async function createBrowserToken(
  parts: Parts,
  db: Queries,
  call: Pick<Call, 'actor' | 'address' | 'headers'>,
  input: CreateBrowserToken,
): Promise<{ token: Token; secret: string }> {
  const now = parts.clock.now()
  const name = readName(input.name)
  // None is ours to keep out: the console's own pages ask nothing of flags by this way.
  const read = readOrigins(input.origins, '')
  if (read.outcome !== 'ok') throw refuse('bad_origin', { origin: read.origin })
  const own = await scopesOfCaller(parts, db, call)
  if (!own.has(MAY)) throw refuse('beyond_own', { scopes: MAY })

  return makeToken(parts, db, call, {
    ...{ now, name, kind: 'browser', scopes: [], origins: read.origins, expires_in_days: input.expires_in_days },
    facts: { kind: 'browser', origins: read.origins },
  })
}

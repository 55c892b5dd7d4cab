import type { Queries } from '../../../platform/database/index.ts'
import type { Parts } from '../parts.ts'
import { belongingsOf, factsFrom, nameOf } from './decide-entry.ts'
import type { InsteadOfCode } from './mails.ts'
import { type Belonging, mayEnter } from './may-enter.ts'
import * as queries from './queries.ts'

/** Nobody has this id: what is asked of an unknown address is asked of it. */
const NOBODY = 'usr_0'
const BY_MAIL = { way: 'email', acr: 'single', provenBy: null, passkey: null } as const

/**
 * Whether a mailed code would be of any use to whoever has this address, and what to mail otherwise. Asks the same of known
 * and of unknown addresses, in as many statements: only the mail tells them apart (ASVS 6.3.8). Of the verdict it asks
 * memory, for what counts is decided again when the code comes.
 *
 * `undefined`: a code it is.
 */
export async function insteadOfCode(
  parts: Parts,
  db: Queries,
  userId: string | null,
): Promise<InsteadOfCode | undefined> {
  const asked = userId ?? NOBODY
  const [belongings, links, address] = await Promise.all([
    belongingsOf(parts, db, asked),
    queries.linksOf(db, asked),
    queries.addressOf(db, asked),
  ])
  if (!belongings || !address) return undefined
  const ids = [...new Set(belongings.flatMap(({ policy }) => policy.provider_id ?? []))]
  const verdicts = new Map(ids.map((id) => [id, parts.providers.verdictOf(id)]))
  const facts = factsFrom(parts, { links, address, verdicts, now: parts.clock.now() })
  const entry = mayEnter(BY_MAIL, belongings, facts)
  return entry.isRefused ? sayInstead(parts, belongings, entry.refused.length > 0) : undefined
}

function sayInstead(parts: Parts, belongings: readonly Belonging[], isOpen: boolean): InsteadOfCode {
  const [{ policy }] = belongings as [Belonging]
  const { provider_id: id, ordinary, fail_over: failOver } = policy
  if (id === null || !ordinary.includes('provider')) return { kind: 'other', ways: ordinary }
  const provider = nameOf(parts, id)
  if (isOpen) return { kind: 'down', provider }
  const state = parts.providers.verdictOf(id)?.state ?? 'healthy'
  const isInDoubt = state !== 'healthy' && failOver?.ways.includes('email') === true
  return { kind: isInDoubt ? 'wait' : 'provider', provider }
}

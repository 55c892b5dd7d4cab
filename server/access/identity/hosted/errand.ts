import { Type } from 'typebox'
import type { Call } from '../../../platform/http/index.ts'
import { audienceOf, querySaying, returnToOf } from '../audience.ts'
import type { Parts } from '../parts.ts'
import { namedAudience } from './page-of.ts'

const Text = Type.Optional(Type.String({ maxLength: 4096 }))
const MaxAge = Type.Optional(Type.Integer({ minimum: 0, description: 'Seconds that the last sign-in may be old.' }))
const Strongest = Type.Optional(
  Type.String({ maxLength: 1, description: '`1`: by the strongest method of the account.' }),
)
/** By what address and form say it. */
export const errandFields = { application: Text, return_to: Text, max_age: MaxAge, strongest: Strongest }

/** What is being signed in to, as the address or the form says; refused when it is not allowed. */
export interface Errand {
  audience: string
  returnTo: string
  maxAge: number | undefined
  /** A mailed code is not enough for whoever has a passkey. */
  isStrongest: boolean
}

interface Said {
  application?: string
  return_to?: string
  max_age?: number
  strongest?: string
}

export function errandOf(parts: Parts, call: Call, said: Said): Errand {
  const audience = audienceOf(call, said.application)
  return {
    audience,
    returnTo: returnToOf(parts, call, audience, said.return_to),
    maxAge: said.max_age,
    isStrongest: said.strongest === '1',
  }
}

/** What a form carries unseen, so that the next step means the same. */
export const carried = ({ audience, returnTo, maxAge, isStrongest }: Errand) => ({
  application: namedAudience(audience),
  return_to: returnTo,
  max_age: maxAge?.toString(),
  strongest: isStrongest ? '1' : undefined,
})

/** The page at which it is begun. */
export function startPathOf(call: Call, { audience, returnTo, maxAge, isStrongest }: Errand): string {
  const query = new URLSearchParams(querySaying(call, audience, returnTo))
  if (maxAge !== undefined) query.set('max_age', String(maxAge))
  if (isStrongest) query.set('strongest', '1')
  return `/sign-in${query.size > 0 ? `?${query}` : ''}`
}

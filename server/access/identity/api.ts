import { type Static, type TSchema, Type } from 'typebox'
import { type Answer, type Call, json } from '../../platform/http/index.ts'
import { deviceOf, Person, SessionShape } from '../sessions/index.ts'
import { audienceOf, returnToOf } from './audience.ts'
import { browserOf, knownBrowser } from './browser.ts'
import { readEmail } from './email.ts'
import type { Parts } from './parts.ts'
import { refuse } from './refusals.ts'
import { startSignIn } from './start-sign-in.ts'
import { verifyCode } from './verify-code.ts'

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Time = Type.String({ format: 'date-time' })

export const StartByEmail = Type.Object({
  email: Type.String({ maxLength: 1000 }),
  return_to: Type.Optional(Type.String({ maxLength: 4096 })),
})
export const Started = Type.Object({ challenge_id: Type.String(), expires_at: Time })

export const VerifyByEmail = Type.Object({
  challenge_id: Type.String({ maxLength: 64 }),
  code: Type.String({ maxLength: 64 }),
})
export const Verified = Type.Object({
  verdict: Type.Literal('valid'),
  session: SessionShape,
  user: Person,
  return_to: Type.String({ description: 'Where the sign-in was meant to lead, as it was checked at its start.' }),
})

export const StaffUser = Type.Object({
  ...Person.properties,
  locale: orNull(Type.String()),
  time_zone: orNull(Type.String()),
  metadata_public: Type.Record(Type.String(), Type.Unknown()),
  metadata_private: Type.Record(Type.String(), Type.Unknown()),
  created_at: Time,
  last_sign_in_at: orNull(Time),
  live_sessions: Type.Integer(),
  is_administrator: Type.Boolean(),
})
export const UserList = Type.Object({ data: Type.Array(StaffUser), next_cursor: orNull(Type.String()) })

/** `POST /v1/sign-in/email`: 202, whatever the address. */
export async function startByEmail(parts: Parts, call: Call<Static<typeof StartByEmail>>): Promise<Answer> {
  const audience = audienceOf(call, undefined)
  const returnTo = returnToOf(parts, call, audience, call.body.return_to)
  const read = readEmail(call.body.email)
  if (read.outcome !== 'ok') throw refuse('bad_email')

  const browser = browserOf(call)
  const challenge = await startSignIn(parts, {
    email: read.email,
    purpose: 'sign-in',
    browser: { digest: browser.digest, isNew: browser.cookie !== undefined },
    audience,
    returnTo,
    device: deviceOf(call.headers, call.address),
    pagesUrl: `${call.origin}${call.prefix}`,
  })
  const body = { challenge_id: challenge.id, expires_at: challenge.expires_at.toISOString() }
  return json(202, body, { cookies: browser.cookie ? [browser.cookie] : [] })
}

/** `POST /v1/sign-in/email/verify`: only in the browser that began it. */
export async function verifyByEmail(parts: Parts, call: Call<Static<typeof VerifyByEmail>>): Promise<Answer> {
  const { challenge_id: challengeId, code } = call.body
  const purposes = ['sign-in', 'step-up'] as const
  const verified = await verifyCode(parts, call, { challengeId, code, browserDigest: knownBrowser(call), purposes })
  switch (verified.outcome) {
    case 'wrong':
      throw refuse('wrong_code', { attempts_left: verified.attemptsLeft })
    case 'malformed':
      throw refuse('bad_code')
    case 'expired':
      throw refuse('challenge_expired')
    case 'used':
      throw refuse('challenge_used')
    case 'spent':
      throw refuse('too_many_attempts')
    case 'other-browser':
      throw refuse('other_browser')
    case 'link-only':
      throw refuse('link_only')
    case 'signed-in': {
      const { session, challenge, cookies } = verified.signedIn
      return json(200, { verdict: 'valid', session, user: session.user, return_to: challenge.return_to }, { cookies })
    }
  }
}

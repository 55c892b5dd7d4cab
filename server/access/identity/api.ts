import { type Static, Type } from 'typebox'
import { type Answer, type Call, json, Time } from '../../platform/http/index.ts'
import { deviceOf, Person, SessionShape } from '../sessions/index.ts'
import { audienceOf, returnToOf } from './audience.ts'
import { browserOf, knownBrowser } from './browser.ts'
import { readEmail } from './email.ts'
import { languageFor } from './hosted/language.ts'
import type { Parts } from './parts.ts'
import { refuse } from './refusals.ts'
import { startSignIn } from './start-sign-in.ts'
import { verifyCode } from './verify-code.ts'

const ChallengeId = { description: 'The sign-in that was begun.', examples: ['chl_01jd7s3b4g8t'] }

export const StartByEmail = Type.Object({
  email: Type.String({
    maxLength: 1000,
    description: 'Whose it is said to be. The answer does not tell whether there is an account.',
    examples: ['ana@acme.example'],
  }),
  return_to: Type.Optional(
    Type.String({
      maxLength: 4096,
      description: 'Where the sign-in leads: a path, or a page of a registered application.',
      examples: ['/account'],
    }),
  ),
})
export const Started = Type.Object(
  { challenge_id: Type.String(ChallengeId), expires_at: Time('Until when the code works.') },
  { description: 'The same for every address. The mail goes out after this answer.' },
)

export const VerifyByEmail = Type.Object({
  challenge_id: Type.String({ maxLength: 64, ...ChallengeId }),
  code: Type.String({
    maxLength: 64,
    description: 'The six digits of the mail; spaces do no harm.',
    examples: ['482913'],
  }),
})
export const Verified = Type.Object(
  {
    verdict: Type.Literal('valid', { description: 'Knowledge.' }),
    session: SessionShape,
    user: Type.Object(Person.properties, { description: 'Who is signed in.' }),
    return_to: Type.String({
      description: 'Where the sign-in was meant to lead, as it was checked at its start.',
      examples: ['/account'],
    }),
  },
  { description: 'Signed in; the cookies come with it.' },
)

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
    browser,
    audience,
    returnTo,
    device: deviceOf(call.headers, call.address),
    pagesUrl: `${call.origin}${call.prefix}`,
    language: languageFor(call),
  })
  const body = { challenge_id: challenge.id, expires_at: challenge.expires_at.toISOString() }
  return json(202, body, { cookies: browser.cookies })
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
    case 'deleting':
      throw refuse('deleting')
    case 'signed-in': {
      const { session, challenge, cookies } = verified.signedIn
      return json(200, { verdict: 'valid', session, user: session.user, return_to: challenge.return_to }, { cookies })
    }
  }
}

import { type Static, Type } from 'typebox'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { askToKeep } from '../accounts/hosted.ts'
import { isHere, querySaying } from '../audience.ts'
import { knownBrowser } from '../browser.ts'
import { ATTEMPTS_MAX, type Challenge, type Purpose, stateOf } from '../challenge.ts'
import type { SignedIn } from '../complete-sign-in.ts'
import { ARRIVAL_PATH, arrivedFrom } from '../federation/arrive.ts'
import { type CodeProps, codePage, type Form } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { wayOn } from '../passkeys/offer.ts'
import * as queries from '../queries.ts'
import { verifyCode } from '../verify-code.ts'
import { formTo, mailNotice, namedAudience, pageOf } from './page-of.ts'
import { throughOutage } from './through-outage.ts'

export const CodeForm = Type.Object({
  code: Type.Optional(Type.String({ maxLength: 200 })),
  // Said by the script: this browser can have passkeys.
  passkeys: Type.Optional(Type.String({ maxLength: 3 })),
  // Nobody goes by it: it names the origin to which this form may come to lead, where the challenge cannot be read.
  return_to: Type.Optional(Type.String({ maxLength: 4096 })),
})
export type CodeForm = Static<typeof CodeForm>

/** A pair of pages on which a sign-in is begun and its code is typed: those of sign-in, or those of an enrolment. */
export interface CodePlace {
  purposes: readonly Purpose[]
  codePath: string
  /** Where the sign-in is begun again with the same meaning. */
  startPath(challenge: Challenge | undefined): string
  /** Asks for a new code. */
  resend(challenge: Challenge): Form
  goOn(signedIn: SignedIn, canHavePasskeys: boolean): Answer | Promise<Answer>
}

/** Mail takes a moment; asking again before it came makes the code in it worthless. */
const RESEND_AFTER_MS = 30_000

export function signInPlace(parts: Parts, call: Call): CodePlace {
  return {
    purposes: ['sign-in', 'step-up'],
    codePath: '/sign-in/code',
    startPath: (challenge) => `/sign-in${challenge ? querySaying(call, challenge.audience, challenge.return_to) : ''}`,
    // By mail: whoever asks for another code has seen what else there is.
    resend: ({ email, return_to, audience, arrival_id }) =>
      arrival_id
        ? formTo(ARRIVAL_PATH, { email })
        : formTo('/sign-in', { email, return_to, application: namedAudience(audience), by: 'mail' }),
    goOn: async (signedIn, canHavePasskeys) =>
      redirect(await wayOn(parts, call, signedIn, canHavePasskeys), { cookies: signedIn.cookies }),
  }
}

/** `GET …/code`: where the code of the newest sign-in of this browser is typed. */
export async function showCode(parts: Parts, call: Call, place: CodePlace): Promise<Answer> {
  const challenge = await newestOf(parts, call, place)
  if (!challenge) return redirect(`${call.prefix}${place.startPath(undefined)}`)
  const state = stateOf(challenge, parts.clock.now())
  const isSpent = challenge.attempts >= ATTEMPTS_MAX
  if (state === 'used' && !parts.reopened.has(challenge.id)) return beginAgain(call, challenge, place)
  const error = state === 'expired' ? 'expired' : isSpent ? 'spent' : null
  return codePageOf(parts, call, { challenge, place, status: 200, error })
}

/** `POST …/code`. */
export function postCode(parts: Parts, call: Call<CodeForm>, place: CodePlace): Promise<Answer> {
  return throughOutage(parts, call, () => answerCode(parts, call, place))
}

async function answerCode(parts: Parts, call: Call<CodeForm>, place: CodePlace): Promise<Answer> {
  const challenge = await newestOf(parts, call, place)
  if (!challenge) return redirect(`${call.prefix}${place.startPath(undefined)}`)
  const verified = await verifyCode(parts, call, {
    challengeId: challenge.id,
    code: call.body.code ?? '',
    browserDigest: challenge.browser_digest,
    purposes: place.purposes,
  })
  const again = (status: number, error: CodeProps['error'], attemptsLeft?: number) =>
    codePageOf(parts, call, { challenge, place, status, error, attemptsLeft })
  switch (verified.outcome) {
    case 'signed-in':
      return place.goOn(verified.signedIn, call.body.passkeys === 'yes')
    case 'deleting':
      return askToKeep(parts, call, verified)
    case 'wrong':
      return again(400, verified.attemptsLeft === 0 ? 'spent' : 'wrong', verified.attemptsLeft)
    case 'malformed':
      return again(400, 'malformed')
    case 'link-only':
      return again(400, null)
    case 'expired':
    case 'spent':
      return again(410, verified.outcome)
    case 'used':
    case 'other-browser':
      return beginAgain(call, challenge, place)
  }
}

async function newestOf(parts: Parts, call: Call, place: CodePlace): Promise<Challenge | undefined> {
  const digest = knownBrowser(call)
  const challenge = digest && (await queries.newestChallengeOfBrowser(parts.db, digest))
  const isMeant = challenge && place.purposes.includes(challenge.purpose) && isHere(call, challenge.audience)
  return isMeant ? challenge : undefined
}

/** To the first page, which sends on whoever is signed in. */
function beginAgain(call: Call, challenge: Challenge, place: CodePlace): Answer {
  return redirect(`${call.prefix}${place.startPath(challenge)}`)
}

async function codePageOf(
  parts: Parts,
  call: Call,
  shown: {
    challenge: Challenge
    place: CodePlace
    status: number
    error: CodeProps['error']
    attemptsLeft?: number | undefined
  },
): Promise<Answer> {
  const { challenge, place, status, error, attemptsLeft } = shown
  const view = pageOf(parts, call)
  const content = codePage(view, {
    email: challenge.email,
    form: formTo(place.codePath, { return_to: challenge.return_to }),
    resend: { ...place.resend(challenge), from: new Date(challenge.created_at.getTime() + RESEND_AFTER_MS) },
    anotherPath: challenge.arrival_id ? ARRIVAL_PATH : place.startPath(challenge),
    expiresAt: challenge.expires_at,
    error,
    attemptsLeft: attemptsLeft ?? null,
    isLinkOnly: challenge.is_link_only,
    joins: await arrivedFrom(parts, challenge.arrival_id),
    notice: mailNotice(parts, view),
  })
  return page(status, content, { formActions: [new URL(challenge.return_to).origin] })
}

import { DatabaseOutage, withCommit } from '../../platform/database/index.ts'
import { newId, newSecret } from '../../platform/id.ts'
import { randomBytesOf } from '../../platform/random.ts'
import {
  CHALLENGE_LIFE_MS,
  type Challenge,
  codeOfLink,
  digestOfCode,
  digestOfToken,
  type Purpose,
} from './challenge.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import type { Browser } from './browser.ts'
import type { Email } from './email.ts'
import { insteadOfCode } from './fail-over/may-be-mailed.ts'
import { addressBlock } from './limits/address-block.ts'
import type { Hit } from './limits/limiter.ts'
import { limits, mailInAll } from './limits/limits.ts'
import type { Parts } from './parts.ts'
import * as queries from './queries.ts'

export interface StartSignIn {
  email: Email
  purpose: Purpose
  browser: Pick<Browser, 'digest' | 'isNew'>
  audience: string
  returnTo: string
  device: { name: string; address: string }
  /** Where our pages are for this browser: the origin, and behind an app its prefix. */
  pagesUrl: string
  /** Of the page that asked; the mail speaks it to whoever has said no other in their profile. */
  language: string | undefined
  enrolmentDigest?: Buffer
  /** Who came back from a provider and has to prove the address. */
  arrival?: { id: string; provider: string }
}

/**
 * Begins a sign-in and sends its mail.
 *
 * Known and unknown addresses take the same steps and get the same answer (ASVS 6.3.8): the mail goes out after it, and
 * where nobody may sign up, an unknown address gets a challenge that no code and no link can meet.
 */
export async function startSignIn(parts: Parts, input: StartSignIn): Promise<Challenge> {
  const { limiter } = parts
  const now = parts.clock.now()
  const hits = hitsOf(input)
  const hitsHere = [...hits, { limit: mailInAll(parts.config.mailRate), subject: 'all' }]
  limiter.passHere(hitsHere, now)
  try {
    return await begin(parts, input, hits, now)
  } catch (error) {
    if (error instanceof DatabaseOutage) limiter.giveBackHere(hitsHere)
    throw error
  }
}

function hitsOf({ browser, device }: StartSignIn): Hit[] {
  const block = { limit: limits.startInBlock, subject: addressBlock(device.address) }
  return browser.isNew ? [block] : [{ limit: limits.startInBrowser, subject: browser.digest }, block]
}

async function begin(parts: Parts, input: StartSignIn, hits: readonly Hit[], now: Date): Promise<Challenge> {
  const { secret, limiter } = parts
  const { email, browser } = input
  const token = newSecret()
  const { challenge, reader, isSent, instead } = await limiter.passing(parts.db, now, async (db, take) => {
    const [asker, isGuessedAt] = await Promise.all([
      queries.findAsker(db, email.key, browser.digest, now),
      limiter.isGuessedAt(db, email.key, now),
    ])
    const isLinkOnly = isGuessedAt && !asker.is_known
    const isOpen = input.purpose === 'enrol' || parts.config.signUp === 'open'
    // By the same statements for every address: see there. Whoever comes from a provider has met what is demanded.
    const isBound = asker.has_policies && isForPeople(input)
    const instead = isBound ? await insteadOfCode(parts, db, asker.user_id) : undefined
    const isKnown = asker.user_id !== null || isOpen || asker.is_invited
    const mayEnter = isKnown && !instead
    const challenge = challengeOf(parts, input, { token, isLinkOnly, mayEnter, now })
    take([mailHit(input, asker.is_known), ...hits])
    withCommit(queries.putChallenge(db, challenge))
    const reader = { locale: asker.locale ?? input.language, zone: asker.time_zone }
    return { challenge, reader, isSent: isKnown, instead }
  })
  parts.mailer.signIn({
    challenge,
    code: challenge.is_link_only ? null : codeOfLink(secret, token),
    link: `${input.pagesUrl}/sign-in/link/${token}`,
    reader: isSent ? reader : {},
    joins: input.arrival?.provider ?? null,
    isSent,
    instead,
    signInUrl: `${input.pagesUrl}/sign-in`,
  })
  return challenge
}

/** The policies of organisations do not bind staff in the console: it must not depend on anybody's provider. */
const isForPeople = ({ purpose, audience, arrival }: StartSignIn) =>
  purpose === 'sign-in' && audience !== CONSOLE_AUDIENCE && arrival === undefined

function mailHit({ email, browser }: StartSignIn, isKnown: boolean): Hit {
  return isKnown
    ? { limit: limits.mailToKnownBrowser, subject: `${email.key} ${browser.digest.toString('base64')}` }
    : { limit: limits.mailToAddress, subject: email.key }
}

function challengeOf(
  { secret }: Parts,
  input: StartSignIn,
  made: { token: string; isLinkOnly: boolean; mayEnter: boolean; now: Date },
): Challenge {
  const { purpose } = input
  const { token, isLinkOnly, mayEnter, now } = made
  const id = newId('chl', now)
  const code = digestOfCode(secret, { id, purpose }, codeOfLink(secret, token))
  const link = digestOfToken(token)
  // Nothing has these bytes for its digest: the challenge looks like any other and cannot be met.
  const unmet = randomBytesOf(32)
  return {
    id,
    purpose,
    browser_digest: input.browser.digest,
    email: input.email.address,
    email_key: input.email.key,
    audience: input.audience,
    return_to: input.returnTo,
    device_name: input.device.name,
    code_digest: mayEnter && !isLinkOnly ? code : unmet,
    link_digest: mayEnter ? link : unmet,
    is_link_only: isLinkOnly,
    enrolment_digest: input.enrolmentDigest ?? null,
    arrival_id: input.arrival?.id ?? null,
    attempts: 0,
    created_at: now,
    expires_at: new Date(now.getTime() + CHALLENGE_LIFE_MS),
    replaced_at: null,
    used_at: null,
  }
}

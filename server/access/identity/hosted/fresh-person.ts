import type { Session } from '../../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, redirect } from '../../../platform/http/index.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { countingOf } from '../passkeys/awake.ts'
import { isStrongest } from '../passkeys/strongest.ts'

/**
 * Who is signed in here, themselves and not support in their name, and lately enough (ASVS 7.5.1); or the way to a
 * sign-in that comes back to `path`. What is not known is an outage, and no reason to send anybody to sign-in.
 *
 * And by the strongest method they have: whoever reads a mailbox is not to get round a passkey.
 */
export async function freshPerson(
  parts: Parts,
  call: Call,
  path: string,
): Promise<{ session: Session } | { answer: Answer }> {
  const answer = await parts.sessions.verify(call, { audience: call.application ?? ACCOUNT_AUDIENCE })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  const back = `return_to=${encodeURIComponent(`${call.prefix}${path}`)}`
  if (answer.verdict === 'invalid') return { answer: redirect(`${call.prefix}/sign-in?${back}`) }
  // Refuses with the words that the API has for it.
  await parts.sessions.guards.personAlone(call)
  const { session } = answer
  const agedMs = parts.clock.now().getTime() - Date.parse(session.authenticated_at)
  const isStrong = await isProvenStrongest(parts, session)
  if (agedMs <= FRESH_SIGN_IN_MS && isStrong) return { session }
  const query = `max_age=${FRESH_SIGN_IN_MS / 1000}&strongest=1`
  return { answer: redirect(`${call.prefix}/sign-in?${query}&${back}`) }
}

/** Of what is asked only for changes: it reads the session and the passkeys anew. */
export async function isProvenStrongest(parts: Parts, session: Session): Promise<boolean> {
  const row = await parts.sessions.find(session.id)
  const person = { userId: session.user.id, audience: session.audience ?? ACCOUNT_AUDIENCE }
  return isStrongest(row ?? session, await countingOf(parts, parts.db, person))
}

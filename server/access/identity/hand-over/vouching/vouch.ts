import type { Static } from 'typebox'
import { type Answer, type Call, redirect } from '../../../../platform/http/index.ts'
import { newSecret } from '../../../../platform/id.ts'
import { isHere } from '../../audience.ts'
import { freshPerson } from '../../hosted/fresh-person.ts'
import type { Parts } from '../../parts.ts'
import { refuse } from '../../refusals.ts'
import { addressOf, CODE_LIFE_MS, digestOfSecret } from '../hand-over.ts'
import type { StateQuery } from '../show.ts'
import * as queries from './queries.ts'
import { VOUCH_PATH, VOUCHED_PATH } from './vouching.ts'

/**
 * `GET /account/passkeys/vouch?state=…`, on the app's origin: says to ours who is signed in here, if they could enrol a passkey by it:
 * lately, by the strongest method they have, themselves, and not by fail-over.
 */
export async function showVouch(parts: Parts, call: Call<unknown, Static<typeof StateQuery>>): Promise<Answer> {
  const { state = '' } = call.query
  const asked = await queries.findByState(parts.db, digestOfSecret(state))
  if (!asked) throw refuse('hand_over_over')
  if (!isHere(call, asked.audience) || asked.here !== `${call.origin}${call.prefix}`) {
    throw refuse('hand_over_other_browser')
  }
  const person = await freshPerson(parts, call, `${VOUCH_PATH}?state=${encodeURIComponent(state)}`)
  if ('answer' in person) return person.answer
  const { session } = person
  // Somebody else than the one on whose page it began.
  if (session.user.id !== asked.user_id) throw refuse('hand_over_other_browser')
  const now = parts.clock.now()
  const code = newSecret()
  const codeExpiresAt = new Date(now.getTime() + CODE_LIFE_MS)
  const given = { id: asked.id, sessionId: session.id, codeExpiresAt }
  if (!(await queries.vouchBy(parts.db, { ...given, codeDigest: digestOfSecret(code) }, now))) {
    throw refuse(asked.used_at ? 'hand_over_used' : 'hand_over_over')
  }
  return redirect(addressOf(new URL(parts.config.url).origin, VOUCHED_PATH, 'code', code))
}

import { type Static, Type } from 'typebox'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, type CookieChange, redirect } from '../../../platform/http/index.ts'
import { newId, newSecret } from '../../../platform/id.ts'
import { browserOf } from '../browser.ts'
import { type Errand, errandFields, errandOf, startPathOf } from '../hosted/errand.ts'
import { throughOutage } from '../hosted/through-outage.ts'
import type { Parts } from '../parts.ts'
import { beginHits } from '../passkeys/challenge.ts'
import { givingBack } from '../passkeys/enrol.ts'
import { canHavePasskeys } from '../passkeys/here.ts'
import { isUsable } from '../passkeys/passkey.ts'
import { passkeysOf } from '../passkeys/queries.ts'
import { refuse } from '../refusals.ts'
import { addressOf, digestOfSecret, FOR_PATH, HAND_OVER_LIFE_MS, type HandOver } from './hand-over.ts'
import * as queries from './queries.ts'

export const AwayForm = Type.Object(errandFields)

/** `POST /sign-in/passkey/away`, on an app's origin: leaves for ours, where passkeys are. */
export function postAway(parts: Parts, call: Call<Static<typeof AwayForm>>): Promise<Answer> {
  const ours = new URL(parts.config.url).origin
  return throughOutage(
    parts,
    call,
    async () => {
      const errand = errandOf(parts, call, call.body)
      // Where passkeys are, the page itself has them.
      if (call.application === null) return redirect(`${call.prefix}${startPathOf(call, errand)}`)
      if (!canHavePasskeys(parts.config.url)) throw refuse('passkey_elsewhere')
      const { state, cookies } = await leave(parts, call, errand)
      return redirect(addressOf(ours, FOR_PATH, 'state', state), { cookies })
    },
    [ours],
  )
}

/** What comes back is bound to this browser at the app's origin, whoever shows a passkey meanwhile. */
async function leave(parts: Parts, call: Call, errand: Errand): Promise<{ state: string; cookies: CookieChange[] }> {
  const whose = await purposeOf(parts, call, errand)
  const now = parts.clock.now()
  const browser = browserOf(call)
  const state = newSecret()
  const hits = beginHits(call, browser)
  parts.limiter.passHere(hits, now)
  await givingBack(parts, hits, () =>
    parts.db.transaction(async (db) => {
      await parts.limiter.pass(db, hits, now)
      await queries.putHandOver(db, {
        ...whose,
        id: newId('hov', now),
        state_digest: digestOfSecret(state),
        browser_digest: browser.digest,
        audience: errand.audience,
        return_to: errand.returnTo,
        here: `${call.origin}${call.prefix}`,
        created_at: now,
        expires_at: new Date(now.getTime() + HAND_OVER_LIFE_MS),
      })
    }),
  )
  return { state, cookies: browser.cookie ? [browser.cookie] : [] }
}

/** A step-up is for whoever is signed in at the app and has a passkey; for anybody else it is an ordinary sign-in. */
async function purposeOf(
  parts: Parts,
  call: Call,
  { audience, maxAge }: Errand,
): Promise<Pick<HandOver, 'purpose' | 'user_id'>> {
  const ordinary = { purpose: 'sign-in', user_id: null } as const
  if (maxAge === undefined) return ordinary
  const answer = await parts.sessions.verify(call, { audience })
  if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
  if (answer.verdict === 'invalid' || answer.session.impersonator) return ordinary
  const { id } = answer.session.user
  return (await passkeysOf(parts.db, id)).some(isUsable) ? { purpose: 'step-up', user_id: id } : ordinary
}

import { type Static, Type } from 'typebox'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, type CookieChange, redirect } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import { type Errand, errandFields, errandOf, startPathOf } from '../hosted/errand.ts'
import { throughOutage } from '../hosted/through-outage.ts'
import type { Parts } from '../parts.ts'
import { canHavePasskeys } from '../passkeys/here.ts'
import { isUsable } from '../passkeys/passkey.ts'
import { passkeysOf } from '../passkeys/queries.ts'
import { refuse } from '../refusals.ts'
import { beginHere } from './begin-here.ts'
import { addressOf, FOR_PATH, type HandOver } from './hand-over.ts'
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
  return beginHere(parts, call, (db, away) =>
    queries.putHandOver(db, {
      ...whose,
      ...away,
      id: newId('hov', away.created_at),
      audience: errand.audience,
      return_to: errand.returnTo,
      here: `${call.origin}${call.prefix}`,
    }),
  )
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

import { type Static, Type } from 'typebox'
import { type Answer, type Call, redirect } from '../../../../platform/http/index.ts'
import { newId } from '../../../../platform/id.ts'
import { returnToOf } from '../../audience.ts'
import type { Parts } from '../../parts.ts'
import { assertOurs } from '../../passkeys/challenge.ts'
import { refuse } from '../../refusals.ts'
import { beginHere } from '../begin-here.ts'
import { addressOf } from '../hand-over.ts'
import { applicationOf } from '../meet.ts'
import * as queries from './queries.ts'
import { ASK_PATH, VOUCH_PATH } from './vouching.ts'

export const AskQuery = Type.Object({ by: Type.Optional(Type.String({ maxLength: 6000 })) })

/** A page at the app that was left open over a working day. */
const LINK_LIFE_MS = 12 * 3_600_000
const PURPOSE = 'link to the offer of a passkey'

interface Link {
  application: string
  here: string
  return_to: string
  user_id: string
  until: number
}

/**
 * On an app's origin: the address at ours that asks back who this is, and leads to the offer of a passkey. Sealed, and for this person:
 * a link of somebody else brings nobody here, and ends nobody's session.
 */
export function pathToAsk(
  parts: Parts,
  call: Call,
  { userId, returnTo }: { userId: string; returnTo: string },
): string {
  const link: Link = {
    application: call.application!,
    here: `${call.origin}${call.prefix}`,
    return_to: returnTo,
    user_id: userId,
    until: parts.clock.now().getTime() + LINK_LIFE_MS,
  }
  const sealed = parts.secret.seal(PURPOSE, JSON.stringify(link))
  return `${new URL(parts.config.url).origin}${ASK_PATH}?by=${encodeURIComponent(sealed)}`
}

function readLink({ secret, clock }: Parts, sealed: string): Link | undefined {
  try {
    const link = JSON.parse(secret.unseal(PURPOSE, sealed)) as Link
    return clock.now().getTime() < link.until ? link : undefined
  } catch {
    // Whatever is wrong with it, it is not one of ours.
    return undefined
  }
}

/** `GET /account/passkeys/for-app`: asks the app's origin whether the person of the link is signed in there. */
export async function showAsk(parts: Parts, call: Call<unknown, Static<typeof AskQuery>>): Promise<Answer> {
  assertOurs(call)
  const link = readLink(parts, call.query.by ?? '')
  if (!link) throw refuse('hand_over_over')
  const { application: audience, here, user_id: userId } = link
  applicationOf(parts, { audience, here })
  // Registered when the link was made; it may not be any more.
  const returnTo = returnToOf(parts, call, audience, link.return_to)

  const { state, cookies } = await beginHere(parts, call, (db, away) =>
    queries.putVouching(db, {
      ...away,
      id: newId('vou', away.created_at),
      audience,
      here,
      return_to: returnTo,
      user_id: userId,
    }),
  )
  return redirect(addressOf(here, VOUCH_PATH, 'state', state), { cookies })
}

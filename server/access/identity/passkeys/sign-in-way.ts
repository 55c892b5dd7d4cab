import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { type Static, Type } from 'typebox'
import type { SessionAnswer } from '../../../../sdk/contract.ts'
import { type Answer, type Call, redirect } from '../../../platform/http/index.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { askToKeep } from '../accounts/hosted.ts'
import { awakeAmong } from './awake.ts'
import { formTo, namedAudience } from '../hosted/page-of.ts'
import { AWAY_PATH } from '../hand-over/hand-over.ts'
import { throughOutage } from '../hosted/through-outage.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { readResponse } from './hosted.ts'
import { arePasskeysHere, canHavePasskeys } from './here.ts'
import type { Ceremony } from './pages/ceremony.ts'
import type { PasskeyWay } from './pages/sign-in-block.ts'
import { isUsable } from './passkey.ts'
import * as queries from './queries.ts'
import { Shown } from './shapes.ts'
import { finishPasskeySignIn } from './sign-in.ts'

/** What is being signed in to, and how sure it has to be. */
interface Errand {
  audience: string
  returnTo: string
  maxAge: number | undefined
  isStrongest: boolean
}

const Text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
export const ShownForm = Type.Object({
  response: Text(60_000),
  application: Text(100),
  return_to: Text(4096),
  max_age: Type.Optional(Type.Integer({ minimum: 0 })),
  strongest: Text(1),
})

export interface PasskeysOffered {
  /** Null: none is. */
  way: PasskeyWay | null
  /** The providers that confirm in the stead of those that lie dormant, where none of theirs is awake. */
  instead: string[]
}

/**
 * How a sign-in page offers passkeys. Whoever is signed in and only has to confirm it is offered theirs first, and none that would
 * be refused; to everybody else it names nobody's.
 */
export async function passkeysOffered(
  parts: Parts,
  call: Call,
  errand: Errand,
  answer: SessionAnswer,
): Promise<PasskeysOffered> {
  if (!canHavePasskeys(parts.config.url)) return { way: null, instead: [] }
  const isConfirming = answer.verdict === 'valid' && errand.maxAge !== undefined && !answer.session.impersonator
  const { audience, returnTo, maxAge, isStrongest } = errand
  const userId = isConfirming ? answer.session.user.id : null
  const all = userId === null ? [] : await queries.passkeysOf(parts.db, userId)
  const held = userId === null ? [] : await awakeAmong(parts, parts.db, { userId, audience }, all)
  if (isConfirming && held.length === 0) {
    const by = all.filter(isUsable).flatMap(({ enrolled_by_provider: id }) => id ?? [])
    return { way: null, instead: [...new Set(by)] }
  }
  const application = namedAudience(audience)
  const purpose = isConfirming ? 'step-up' : 'sign-in'
  const hidden = {
    application,
    return_to: returnTo,
    max_age: maxAge?.toString(),
    strongest: isStrongest ? '1' : undefined,
  }
  const ceremony: Ceremony = {
    kind: 'get',
    beginPath: '/v1/sign-in/passkey',
    asked: { purpose, return_to: returnTo, ...(application && { application }) },
    isConditional: !isConfirming,
    form: formTo('/sign-in/passkey', hidden),
  }
  const isHere = arePasskeysHere(parts, call)
  const way: PasskeyWay = {
    ceremony: isHere ? ceremony : null,
    away: isHere ? null : formTo(AWAY_PATH, hidden),
    weight: isConfirming ? 'strongest' : 'usual',
    isProviderEnough: isConfirming && held.every(({ enrolled_by_provider: by }) => by !== null),
  }
  return { way, instead: [] }
}

type Said = Pick<PasskeyWay, 'error' | 'unknown'>

/** `POST /sign-in/passkey`: what an authenticator has signed. `again` shows the page once more with what is wrong. */
export function postPasskeySignIn(
  parts: Parts,
  call: Call<Static<typeof ShownForm>>,
  again: (status: number, said: Said) => Promise<Answer>,
): Promise<Answer> {
  return throughOutage(parts, call, async () => {
    const response = readResponse<AuthenticationResponseJSON>(Shown, call.body.response)
    try {
      if (!response) throw refuse('passkey_refused')
      const done = await finishPasskeySignIn(parts, call, response)
      if (done.outcome === 'used') throw refuse('passkey_challenge_used')
      if (done.outcome === 'deleting') return askToKeep(parts, call, done)
      return redirect(done.signedIn.challenge.return_to, { cookies: done.signedIn.cookies })
    } catch (error) {
      const { status, said } = toldHere(parts, error, response)
      return again(status, said)
    }
  })
}

/** What is wrong with a passkey, told where it was shown; everything else goes on rising. */
export function toldHere(
  parts: Parts,
  error: unknown,
  response: AuthenticationResponseJSON | undefined,
): { status: number; said: Said } {
  const told = error instanceof Refusal && tellings[error.code]
  if (!told) throw error
  const { relyingPartyId: rpId } = parts.config
  const unknown = told === 'unknown' && response ? { rpId, credentialId: response.id } : null
  return { status: error.status, said: { error: told, unknown } }
}

/** What is said on the sign-in page itself, where the other ways are; all other refusals are pages of their own. */
const tellings: Record<string, PasskeyWay['error']> = {
  'identity.passkey_refused': 'refused',
  'identity.passkey_unknown': 'unknown',
  'identity.passkey_not_yours': 'notYours',
  'identity.passkey_copied': 'copied',
  'identity.passkey_unconfirmed': 'unconfirmed',
  'identity.passkey_challenge_over': 'over',
  'identity.passkey_challenge_used': 'over',
  'identity.passkey_other_browser': 'over',
}

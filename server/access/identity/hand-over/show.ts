import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { type Static, Type } from 'typebox'
import { type Answer, type Call, json, page, redirect } from '../../../platform/http/index.ts'
import { newSecret } from '../../../platform/id.ts'
import { brandOf } from '../brand.ts'
import { formTo, pageOf } from '../hosted/page-of.ts'
import { throughOutage } from '../hosted/through-outage.ts'
import type { Parts } from '../parts.ts'
import { readResponse } from '../passkeys/hosted.ts'
import type { PasskeyWay } from '../passkeys/pages/sign-in-block.ts'
import { Shown } from '../passkeys/shapes.ts'
import { beginShowing, meetPasskey, useShown } from '../passkeys/sign-in.ts'
import { toldHere } from '../passkeys/sign-in-way.ts'
import { refuse } from '../refusals.ts'
import { addressOf, ARRIVED_PATH, CODE_LIFE_MS, digestOfSecret, FOR_PATH, type HandOver } from './hand-over.ts'
import { claim, type Met, meetHandOver, meetOpen } from './meet.ts'
import { handOverOverPage, handOverPage } from './pages/hand-over-page.ts'
import * as queries from './queries.ts'

export const StateQuery = Type.Object({ state: Type.Optional(Type.String({ maxLength: 200 })) })
export const HandOverId = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The hand-over.', examples: ['hov_01jd7s5x8r3w'] }),
})
/** `return_to`: the app's origin, so that an outage page may lead there. */
export const ShownFor = Type.Object({
  response: Type.Optional(Type.String({ maxLength: 60_000 })),
  return_to: Type.Optional(Type.String({ maxLength: 4096 })),
})
type IdCall<Body = unknown> = Call<Body, unknown, { id: string }>

/** `GET /sign-in/passkey/for?state=…`: takes the hand-over for this browser, and goes on to an address that tells nothing. */
export async function showClaim(parts: Parts, call: Call<unknown, Static<typeof StateQuery>>): Promise<Answer> {
  const { id, cookies } = await claim(parts, call, call.query.state ?? '')
  return redirect(`${FOR_PATH}/${id}`, { cookies })
}

/** `GET /sign-in/passkey/for/{id}`: names the application, and asks for the passkey. */
export async function showHandOver(parts: Parts, call: IdCall): Promise<Answer> {
  return shown(parts, call, await meetHandOver(parts, call, call.params.id), { status: 200, said: {} })
}

/** `POST /v1/sign-in/passkey/for/{id}`: what the authenticator has to sign, for this browser and this hand-over. */
export async function beginFor(parts: Parts, call: IdCall): Promise<Answer> {
  const { handOver } = await meetOpen(parts, call, call.params.id)
  const { id, purpose, user_id: userId, audience, return_to: returnTo } = handOver
  const begin = { purpose, userId, audience, returnTo, handOverId: id }
  const { options, expiresAt, cookies } = await beginShowing(parts, call, begin)
  return json(200, { options, expires_at: expiresAt.toISOString() }, { cookies })
}

/** `POST /sign-in/passkey/for/{id}`: what was signed; the browser goes back to the app with a code, and nobody is signed in here. */
export function postShown(parts: Parts, call: IdCall<Static<typeof ShownFor>>): Promise<Answer> {
  return throughOutage(parts, call, async () => {
    const met = await meetOpen(parts, call, call.params.id)
    const response = readResponse<AuthenticationResponseJSON>(Shown, call.body.response)
    try {
      if (!response) throw refuse('passkey_refused')
      const code = await codeFor(parts, call, met.handOver, response)
      return redirect(addressOf(met.handOver.here, ARRIVED_PATH, 'code', code))
    } catch (error) {
      return shown(parts, call, met, toldHere(parts, error, response))
    }
  })
}

/** Good once, for a minute, in the browser that left the app. Who may come in by it is decided there. */
async function codeFor(
  parts: Parts,
  call: Call,
  { id }: HandOver,
  response: AuthenticationResponseJSON,
): Promise<string> {
  const met = await meetPasskey(parts, call, response, id)
  const now = parts.clock.now()
  const code = newSecret()
  await parts.db.transaction(async (db) => {
    if (!(await useShown(parts, db, met))) throw refuse('passkey_challenge_used')
    const expiresAt = new Date(now.getTime() + CODE_LIFE_MS)
    const given = { id, passkeyId: met.passkey.id, digest: digestOfSecret(code), expiresAt }
    if (!(await queries.giveCode(db, given, now))) throw refuse('hand_over_used')
  })
  return code
}

function shown(
  parts: Parts,
  call: Call,
  { handOver, state }: Met,
  { status, said }: { status: number; said: Pick<PasskeyWay, 'error' | 'unknown'> },
): Answer {
  const { id, here, audience, purpose, return_to: returnTo } = handOver
  const view = { ...pageOf(parts, call), brand: brandOf(parts, audience), path: `${FOR_PATH}/${id}` }
  const there = { host: new URL(here).host, backUrl: `${here}/sign-in?return_to=${encodeURIComponent(returnTo)}` }
  if (state !== 'open') return page(410, handOverOverPage(view, there))
  const way: PasskeyWay = {
    ...said,
    ceremony: {
      kind: 'get',
      beginPath: `/v1${FOR_PATH}/${id}`,
      asked: {},
      form: formTo(`${FOR_PATH}/${id}`, { return_to: new URL(here).origin }),
    },
    weight: purpose === 'step-up' ? 'strongest' : 'usual',
  }
  const props = { ...there, ours: new URL(parts.config.url).host, way }
  return page(status, handOverPage(view, props), {
    formActions: [new URL(here).origin, new URL(returnTo).origin],
  })
}

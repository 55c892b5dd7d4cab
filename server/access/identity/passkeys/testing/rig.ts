import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { type Static, Type } from 'typebox'
import { type Call, json, on, type Route } from '../../../../platform/http/index.ts'
import type { Parts } from '../../parts.ts'
import { HERE, type IdentityRig, openRig, type RigOptions, type Seen, type TestBrowser } from '../../testing.ts'
import {
  beginEnrolment,
  beginPasskeySignIn,
  finishEnrolment,
  finishPasskeySignIn,
  listPasskeys,
  removePasskey,
  renamePasskey,
} from '../index.ts'
import { softwareAuthenticator, type SoftwareAuthenticator } from './authenticator.ts'

const Anything = Type.Record(Type.String(), Type.Any())
type Told = Static<typeof Anything>
const frame = { tag: 'test', summary: 'test', body: Anything } as const

/** The verbs over HTTP, with cookies and refusals as they are; what becomes public of them is decided elsewhere. */
const routes = (parts: Parts): Route[] => [
  on('POST /test/enrolment', frame, async (call) => {
    const { options, cookies } = await beginEnrolment(parts, call)
    return json(200, options, { cookies })
  }),
  on('POST /test/passkeys', frame, async (call) => {
    const { name, response } = call.body as { name: string; response: RegistrationResponseJSON }
    const { id } = await finishEnrolment(parts, call, { name, response })
    return json(201, { id })
  }),
  on('POST /test/passkeys/list', frame, async (call) => json(200, { passkeys: await shown(parts, call) })),
  on('POST /test/passkeys/rename', frame, async (call) => {
    const { id, name } = call.body as { id: string; name: string }
    return json(200, { name: (await renamePasskey(parts, call, { id, name })).name })
  }),
  on('POST /test/passkeys/remove', frame, async (call) => {
    await removePasskey(parts, call, (call.body as Told).id as string)
    return json(200, {})
  }),
  on('POST /test/sign-in', frame, async (call) => {
    const { purpose = 'sign-in', application } = call.body as { purpose?: 'sign-in' | 'step-up'; application?: string }
    const { options, cookies } = await beginPasskeySignIn(parts, call, { purpose, application })
    return json(200, options, { cookies })
  }),
  on('POST /test/sign-in/finish', frame, async (call) => {
    const done = await finishPasskeySignIn(parts, call, call.body as unknown as AuthenticationResponseJSON)
    if (done.outcome !== 'signed-in') return json(409, { outcome: done.outcome })
    const { session, cookies, challenge } = done.signedIn
    return json(200, { session, return_to: challenge.return_to }, { cookies })
  }),
]

async function shown(parts: Parts, call: Call) {
  const actor = await parts.sessions.guards.person(call)
  const held = await listPasskeys(parts, actor!.id)
  return held.map(({ public_key, credential_id, ...passkey }) => passkey)
}

export interface Enrolled {
  browser: TestBrowser
  authenticator: SoftwareAuthenticator
  passkeyId: string
}

export const openPasskeyRig = (options: RigOptions = {}) => openRig({ ...options, routes })

export const newAuthenticator = (kind: 'security-key' | 'synced' = 'security-key') =>
  softwareAuthenticator({ origin: HERE, rpId: 'localhost', kind })

/** Somebody who has signed in by mail and enrolled a passkey since. */
export async function enrolled(
  rig: IdentityRig,
  email: string,
  kind: 'security-key' | 'synced' = 'security-key',
): Promise<Enrolled> {
  const browser = rig.browser()
  await browser.signIn(rig, email)
  const authenticator = newAuthenticator(kind)
  const response = authenticator.make(await begun(browser, '/test/enrolment'))
  const made = await browser.post('/test/passkeys', { name: 'Key of the desk', response })
  if (made.status !== 201) throw new Error(`enrolment was answered ${made.status}: ${made.text}`)
  return { browser, authenticator, passkeyId: made.body.id as string }
}

/** What a page hands to the authenticator. */
export async function begun(browser: TestBrowser, path: string, body: unknown = {}) {
  const seen = await browser.post(path, body)
  if (seen.status !== 200) throw new Error(`${path} was answered ${seen.status}: ${seen.text}`)
  return seen.body as unknown as { challenge: string; user: { id: string } }
}

export const finish = (browser: TestBrowser, response: AuthenticationResponseJSON): Promise<Seen> =>
  browser.post('/test/sign-in/finish', response)

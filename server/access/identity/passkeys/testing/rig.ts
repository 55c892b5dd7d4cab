import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { HERE, type IdentityRig, openRig, type RigOptions, type Seen, type TestBrowser } from '../../testing.ts'
import { softwareAuthenticator, type SoftwareAuthenticator } from './authenticator.ts'

export const ENROLMENTS = '/v1/account/passkey-enrolments'
export const PASSKEYS = '/v1/account/passkeys'
export const SIGN_IN = '/v1/sign-in/passkey'

export interface Enrolled {
  browser: TestBrowser
  authenticator: SoftwareAuthenticator
  passkeyId: string
}

export const openPasskeyRig = (options: RigOptions = {}) => openRig(options)

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
  const response = authenticator.make(await begun(browser, ENROLMENTS))
  const made = await browser.post(PASSKEYS, { name: 'Key of the desk', response })
  if (made.status !== 201) throw new Error(`enrolment was answered ${made.status}: ${made.text}`)
  return { browser, authenticator, passkeyId: made.body.id as string }
}

/** What a page hands to the authenticator. */
export async function begun(browser: TestBrowser, path: string, body: unknown = {}) {
  const seen = await browser.post(path, body)
  if (seen.status !== 200) throw new Error(`${path} was answered ${seen.status}: ${seen.text}`)
  return seen.body.options as { challenge: string; user: { id: string } }
}

export const finish = (browser: TestBrowser, response: AuthenticationResponseJSON): Promise<Seen> =>
  browser.post(`${SIGN_IN}/verify`, response)

/** As a program on the page asks. */
export const send = (browser: TestBrowser, method: string, path: string, body?: unknown): Promise<Seen> =>
  browser.request(path, {
    method,
    headers: {
      accept: 'application/json',
      origin: HERE,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

/** Whoever is signed in here proves it once more. */
export async function confirmBy(browser: TestBrowser, authenticator: SoftwareAuthenticator): Promise<void> {
  const done = await finish(browser, authenticator.show(await begun(browser, SIGN_IN, { purpose: 'step-up' })))
  if (done.status !== 200) throw new Error(`step-up was answered ${done.status}: ${done.text}`)
}

import assert from 'node:assert/strict'
import { sql } from '../../../platform/database/index.ts'
import type { SoftwareAuthenticator } from '../passkeys/testing/authenticator.ts'
import { APP_ORIGIN, type IdentityRig, type Seen, type TestBrowser } from '../testing.ts'
import { ARRIVED_PATH, AWAY_PATH, FOR_PATH } from './hand-over.ts'

/** One person's browser, as it is at the app's origin and at ours: two jars. */
export interface Person {
  app: TestBrowser
  ours: TestBrowser
}

export const APP = { application: 'app_notes', origin: APP_ORIGIN, prefix: '/auth' }

export const personIn = (rig: IdentityRig): Person => ({ app: rig.browser(APP), ours: rig.browser() })

/** Presses "Sign in with a passkey" at the app; answers the address at our origin that it leads to. */
export async function leave({ app }: Person, fields: Record<string, string> = {}): Promise<string> {
  const left = await app.submit(AWAY_PATH, fields)
  assert.equal(left.status, 303, left.text)
  assert.match(left.location!, /^\/sign-in\/passkey\/for\?state=[\w-]{43}$/)
  return left.location!
}

/** Comes to our origin with it; answers the id of the hand-over. */
export async function come({ ours }: Person, address: string): Promise<string> {
  const claimed = await ours.get(address)
  assert.equal(claimed.status, 303, claimed.text)
  const [, id] = /^\/sign-in\/passkey\/for\/(hov_\w+)$/.exec(claimed.location ?? '') ?? []
  assert.ok(id, `${claimed.location}`)
  return id
}

/** Shows a passkey at our origin; answers what comes after it. */
export async function show({ ours }: Person, id: string, authenticator: SoftwareAuthenticator): Promise<Seen> {
  const begun = await ours.post(`/v1${FOR_PATH}/${id}`, {})
  assert.equal(begun.status, 200, begun.text)
  const response = authenticator.show(begun.body.options as { challenge: string })
  return ours.submit(`${FOR_PATH}/${id}`, { response: JSON.stringify(response) })
}

/** The path, below the prefix of the app, at which somebody arrives with their code. */
export function arrivalIn({ status, location, text }: Seen): string {
  const start = `${APP_ORIGIN}/auth${ARRIVED_PATH}?code=`
  assert.ok(location?.startsWith(start), `${status}: ${location} ${text.slice(0, 1000)}`)
  assert.match(location!.slice(start.length), /^[\w-]{43}$/)
  return location!.slice(`${APP_ORIGIN}/auth`.length)
}

/** From the button to the code. */
export async function codeFor(
  person: Person,
  authenticator: SoftwareAuthenticator,
  fields: Record<string, string> = {},
): Promise<string> {
  return arrivalIn(await show(person, await come(person, await leave(person, fields)), authenticator))
}

/** What is registered for the app from now on. */
export async function setOrigins(rig: IdentityRig, origins: string[]): Promise<void> {
  await rig.db.run(sql`update applications.application set origins = ${origins} where id = ${APP.application}`)
  await rig.applications.reload()
}

export const sessionOf = async (browser: TestBrowser) =>
  (await browser.request('/v1/session', { headers: { accept: 'application/json' } })).body as {
    verdict: string
    session?: {
      amr: string[]
      acr: string
      audience: string
      authenticated_at: string
      user: { id: string; email: string }
    }
  }

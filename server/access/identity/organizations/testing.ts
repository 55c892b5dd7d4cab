import assert from 'node:assert/strict'
import { headers } from '../../../../sdk/contract.ts'
import { BY_COMMAND_LINE } from '../../../ground/audit/index.ts'
import { grantAdministrator } from '../../../ground/environment/index.ts'
import type { IdentityRig, Seen, TestBrowser } from '../testing.ts'
import { findUserByEmail } from '../queries.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Ask = (method: Method, path: string, body?: unknown, more?: Record<string, string>) => Promise<Seen>

/** Calls the API as whoever sits in this browser. */
export function asking(browser: TestBrowser, more: Record<string, string> = {}): Ask {
  return (method, path, body, extra = {}) =>
    browser.request(path, {
      method,
      headers: {
        accept: 'application/json',
        origin: 'http://localhost:4000',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...more,
        ...extra,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
}

export interface TestPerson {
  id: string
  email: string
  browser: TestBrowser
  ask: Ask
}

/** Somebody who has signed in, in a browser of their own. */
export async function personIn(rig: IdentityRig, email: string): Promise<TestPerson> {
  const browser = rig.browser()
  const seen = await browser.signIn(rig, email)
  assert.equal(seen.status, 303, seen.text)
  const user = await findUserByEmail(rig.db, email)
  return { id: user!.id, email, browser, ask: asking(browser) }
}

/** An administrator in the console. */
export async function staffIn(rig: IdentityRig, email = 'root@holdfast.test'): Promise<TestPerson> {
  const first = await personIn(rig, email)
  await grantAdministrator(rig.db, first.id, 'test', rig.clock.now())
  await rig.administrators.reload()
  const browser = rig.browser()
  const seen = await browser.signIn(rig, email, { application: 'console' })
  assert.equal(seen.status, 303, seen.text)
  return { ...first, browser, ask: asking(browser, { [headers.audience]: 'console' }) }
}

export async function organizationOf(staff: TestPerson, name: string): Promise<string> {
  const made = await staff.ask('POST', '/v1/organizations', { name })
  assert.equal(made.status, 201, made.text)
  return made.body.id as string
}

/** Puts somebody in, as an import would. */
export async function put(rig: IdentityRig, organizationId: string, userId: string, roles: string[]): Promise<string> {
  const by = BY_COMMAND_LINE
  const membership = await rig.db.transaction((db) => rig.tenants.addMember(db, { organizationId, userId, roles, by }))
  return membership.id
}

export const sessionOf = async (ask: Ask) =>
  (await ask('GET', '/v1/session')).body.session as { organization_id: string | null; roles: string[]; id: string }

/**
 * Every address at which a person sees or changes what is an organisation's. What stands here is asked in `held-back.test.ts` by a
 * session that the organisation would not take; that nothing is missing, in `every-route.test.ts`.
 */
export const heldToPolicy: readonly string[] = [
  'GET /v1/organizations',
  'GET /v1/organizations/{id}',
  'GET /v1/memberships',
  'GET /v1/memberships/{id}',
  'POST /v1/memberships',
  'PATCH /v1/memberships/{id}',
  'GET /v1/invitations',
  'GET /v1/invitations/{id}',
  'POST /v1/invitations/{id}/deliveries',
  'POST /v1/invitations',
  'PUT /v1/session/organization',
  'GET /account/organizations',
  'GET /account/organizations/{id}',
  'POST /account/organizations/current',
  'POST /account/organizations/{id}/members/{which}/roles',
  'POST /account/organizations/{id}/invitations',
  'POST /account/organizations/{id}/invitations/{which}/deliveries',
  'POST /account/organizations/{id}/invitations/{which}/revocation',
  'DELETE /v1/invitations/{id}',
  'POST /account/organizations/{id}/members/{which}/removal',
  'DELETE /v1/memberships/{id}',
  'POST /account/organizations/{id}/leave',
]

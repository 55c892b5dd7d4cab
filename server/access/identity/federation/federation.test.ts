import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionOf } from '../accounts/testing.ts'
import { linkedOf } from './queries.ts'
import { findUserByEmail } from '../queries.ts'
import { ANA, openFederationRig } from './testing.ts'

type Told = { id: string; user: { id: string; email: string; name: string | null }; amr: string[]; acr: string }
const told = (seen: { body: Record<string, unknown> }) => seen.body.session as unknown as Told

test('a person presses the button, signs in at the provider, and is signed in here', async () => {
  await using rig = await openFederationRig({ trusts_email: true })
  const browser = rig.browser()
  const seen = await rig.signIn(browser, 'ana')
  assert.deepEqual([seen.status, seen.location], [303, '/account'], seen.text)
  const session = told(await sessionOf(browser))
  assert.deepEqual([session.user.email, session.user.name], [ANA, 'Ana Álvarez'])
  assert.deepEqual([session.amr, session.acr], [['fed'], 'single'])
  const user = await findUserByEmail(rig.db, ANA)
  const [linked] = await linkedOf(rig.db, user!.id)
  assert.deepEqual([linked!.issuer, linked!.subject], [rig.outside.oidc.issuer, 'ana'])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { HERE, type Seen } from '../testing.ts'
import { ANA, openFederationRig, TRUSTED } from './testing.ts'

test('a page on the way back from a provider is offered in the other language where it can be opened, and never with the code', async () => {
  await using rig = await openFederationRig(TRUSTED)
  const offered = ({ text }: Seen) => /href="([^"]+)" lang="de" hreflang="de"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
  const browser = rig.browser()
  await rig.signIn(browser, 'cem')
  const refused = await browser.submit('/sign-in/arrival', { email: 'cem' })
  assert.deepEqual([refused.status, offered(refused)], [400, '/sign-in/arrival?lang=de'])
  assert.equal((await browser.get('/sign-in/arrival?lang=de')).location, '/sign-in/arrival')
  assert.match((await browser.get('/sign-in/arrival')).text, /Welche Adresse gehört Ihnen/)

  // These were opened once and used up: it is begun again.
  await rig.signIn(rig.browser(), 'ana')
  await rig.db.run(sql`update identity.user set blocked_at = now() where email_key = ${ANA}`)
  const blocked = await rig.signIn(rig.browser(), 'ana')
  assert.deepEqual([blocked.status, offered(blocked)], [403, '/sign-in?lang=de'])
  await rig.db.run(sql`
    update identity.user
       set blocked_at = null, deletes_at = now() + interval '9 days', deletion_requested_by = id
     where email_key = ${ANA}`)
  const asked = await rig.signIn(rig.browser(), 'ana', { fields: { return_to: '/account/email' } })
  const begin = `/sign-in?return_to=${encodeURIComponent(`${HERE}/account/email`)}&lang=de`
  assert.deepEqual([asked.status, offered(asked)], [200, begin])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantAdministrator } from '../../ground/environment/index.ts'
import { asker } from './accounts/testing.ts'
import { organizationOf, personIn, put, staffIn } from './organizations/testing.ts'
import { type IdentityRig, listening, openRig, seed, type Seen } from './testing.ts'

/**
 * ASVS 6.3.8: wherever somebody types an address, one that has an account and one that has none get the same answer, after
 * the same statements. The statements are the cause; how long they take on one machine is measured by same-answer.measure.ts.
 */
interface Place {
  /** By somebody who may type an address there; a new one each time, so that no limit tells anything. */
  type(rig: IdentityRig, email: string, index: number): Promise<Seen[]>
}

const KNOWN = 'known@acme.test'
const UNKNOWN = 'other@acme.test'

const places: Record<string, Place> = {
  'the page of a sign-in': {
    async type(rig, email) {
      const browser = rig.browser()
      const started = await browser.submit('/sign-in', { email })
      return [started, await browser.get('/sign-in/code'), await browser.submit('/sign-in/code', { code: '000000' })]
    },
  },
  'a sign-in over the API': {
    async type(rig, email) {
      const browser = rig.browser()
      const started = await browser.post('/v1/sign-in/email', { email })
      const { challenge_id } = started.body
      return [started, await browser.post('/v1/sign-in/email/verify', { challenge_id, code: '000000' })]
    },
  },
  'a printed code': {
    async type(rig, email) {
      const browser = rig.browser()
      return [await browser.submit('/sign-in/break-glass', { email, code: '0000-0000-0000-0000' })]
    },
  },
  'a recovery code': {
    async type(rig, email) {
      const browser = rig.browser()
      const sent = await browser.submit('/sign-in/recovery-code', { email, code: '0000-0000-0000-0000' })
      return [sent, await browser.post('/v1/sign-in/recovery-code', { email, code: '0000-0000-0000-0000' })]
    },
  },
  'a change of address': {
    async type(rig, email, index) {
      const { browser } = await personIn(rig, `asker${index}@acme.test`)
      const started = await browser.submit('/account/email', { email })
      const page = await browser.get('/account/email/code')
      return [started, page, await browser.submit('/account/email/code', { code: '000000' })]
    },
  },
  'a change of address over the API': {
    async type(rig, email, index) {
      const { browser } = await personIn(rig, `asker${index}@acme.test`)
      return [await asker(browser, {})('POST /v1/account/email-changes', { email })]
    },
  },
  'an invitation by somebody who manages an organisation': {
    async type(rig, email, index) {
      const staff = await staffIn(rig, `root${index}@acme.test`)
      const organization_id = await organizationOf(staff, `Acme ${index}`)
      const owner = await personIn(rig, `owner${index}@acme.test`)
      await put(rig, organization_id, owner.id, ['owner'])
      return [await owner.ask('POST', '/v1/invitations', { organization_id, email })]
    },
  },
}

for (const [name, { type }] of Object.entries(places)) {
  test(`${name} answers alike whether an address has an account or not, after the same statements`, async () => {
    const asked: string[] = []
    await using rig = await openRig({ wrap: (server) => listening(server, (text) => asked.push(text)) })
    await seed(rig, KNOWN)
    await seed(rig, 'staff@acme.test')
    const told = []
    for (const [index, email] of [KNOWN, UNKNOWN].entries()) {
      asked.length = 0
      const seen = await type(rig, email, index)
      told.push({ answers: seen.map((each) => plain(each, email, index)), statements: [...asked] })
    }
    assert.ok(told[0]!.statements.length > 3, 'the statements were heard')
    assert.deepEqual(told[1], told[0])
  })
}

test('a printed code of an administrator’s address, a user’s and nobody’s cost the same statements', async () => {
  const asked: string[] = []
  await using rig = await openRig({ wrap: (server) => listening(server, (text) => asked.push(text)) })
  await grantAdministrator(rig.db, await seed(rig, 'root@acme.test'), 'test', rig.clock.now())
  await rig.administrators.reload()
  await seed(rig, KNOWN)
  const told = []
  for (const email of ['root@acme.test', KNOWN, UNKNOWN]) {
    asked.length = 0
    await rig.browser().submit('/sign-in/break-glass', { email, code: '0000-0000-0000-0000' })
    told.push([...asked])
  }
  assert.deepEqual(told[1], told[0])
  assert.deepEqual(told[2], told[0])
})

/** Without what differs by nature: the address itself, ids, the names of those who asked, and the time. */
function plain({ status, headers, text, location }: Seen, email: string, index: number) {
  const hidden = (said: string) =>
    said
      .replaceAll(email, '…')
      .replaceAll(/\b(ch[a-z]*|emc|inv|org|usr|ses)_[0-9a-z]{20,}/g, '$1_…')
      .replaceAll(new RegExp(`(asker|root|owner)${index}|Acme ${index}`, 'gi'), '$1')
      .replaceAll(/nonce-[\w-]+/g, 'nonce')
  const kept = [...headers].filter(([name]) => !['date', 'content-length', 'set-cookie'].includes(name))
  const cookies = headers.getSetCookie().map((line) => line.replace(/=[^;]*/, '='))
  return {
    status,
    location: location && hidden(location),
    text: hidden(text),
    headers: kept.map(([name, value]) => [name, hidden(value)]),
    cookies,
  }
}

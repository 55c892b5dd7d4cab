import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantAdministrator } from '../../ground/environment/index.ts'
import { sql } from '../../platform/database/index.ts'
import { secretFrom } from '../../platform/secret.ts'
import { auditAt } from '../../ground/audit/index.ts'
import { codeIn, linkIn, mailAbout, signInStaff } from './accounts/testing.ts'
import { printBreakGlassCodes } from './index.ts'
import { type IdentityRig, openRig, seed, type Seen, type TestBrowser } from './testing.ts'

/**
 * Every code and link by which somebody gets in, or changes what is somebody's, in one table (ASVS 6.5 and 6.6): once, for
 * a time, where it was asked for, never at rest. A new kind belongs here.
 */
interface Kind {
  /** How many could be guessed; a code typed by people has 20 bits, a link 256. */
  bits: number
  /** Null: paper does not expire. */
  lifeMs: number | null
  /** Whom it is good for, besides whoever holds it. */
  bound: 'browser' | 'person' | 'nobody'
  make(rig: IdentityRig): Promise<Made>
}
interface Made {
  secret: string
  use(): Promise<Seen>
  /** By somebody else who holds it: in another browser, or as another person. */
  useElsewhere?(): Promise<Seen>
  isIn(seen: Seen): boolean
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS
const ANA = 'ana@acme.test'
/** Six digits: what ASVS 6.5.4 and 6.6.3 give as an example of enough, with five attempts. */
const SIX_DIGITS = Math.log2(1_000_000)
const signsIn = (seen: Seen) => seen.headers.getSetCookie().some((line) => /hf_(session|console)=[\w-]{43}/.test(line))
const ends = (path: string) => path.split('/').at(-1)!

async function begun(rig: IdentityRig) {
  const browser = rig.browser()
  await browser.submit('/sign-in', { email: ANA })
  return { browser, mail: await rig.mailTo(ANA) }
}

async function changing(rig: IdentityRig): Promise<{ browser: TestBrowser; code: string }> {
  const browser = rig.browser()
  await browser.signIn(rig, ANA)
  assert.equal((await browser.submit('/account/email', { email: 'ana@new.test' })).status, 303)
  return { browser, code: codeIn(await mailAbout(rig, 'ana@new.test', 'email-change')) }
}

const kinds: Record<string, Kind> = {
  'the code of a sign-in': {
    bits: SIX_DIGITS,
    lifeMs: 5 * MINUTE_MS,
    bound: 'browser',
    async make(rig) {
      const { browser, mail } = await begun(rig)
      const use = (who: TestBrowser) => () => who.submit('/sign-in/code', { code: mail.code })
      const other = rig.browser()
      await other.submit('/sign-in', { email: 'eve@evil.test' })
      return { secret: mail.code, use: use(browser), useElsewhere: use(other), isIn: signsIn }
    },
  },
  'the link of a sign-in': {
    bits: 256,
    lifeMs: 5 * MINUTE_MS,
    bound: 'browser',
    async make(rig) {
      const { browser, mail } = await begun(rig)
      const use = (who: TestBrowser) => () => who.submit(mail.link)
      return { secret: ends(mail.link), use: use(browser), useElsewhere: use(rig.browser()), isIn: signsIn }
    },
  },
  'the code of a change of address': {
    bits: SIX_DIGITS,
    lifeMs: 10 * MINUTE_MS,
    bound: 'browser',
    async make(rig) {
      const { browser, code } = await changing(rig)
      const other = rig.browser()
      await other.signIn(rig, ANA)
      const use = (who: TestBrowser) => () => who.submit('/account/email/code', { code })
      const isIn = (seen: Seen) => seen.location === '/account/email?changed=1'
      return { secret: code, use: use(browser), useElsewhere: use(other), isIn }
    },
  },
  'the link by which a mailbox proves a change that staff began': {
    bits: 256,
    lifeMs: DAY_MS,
    bound: 'nobody',
    async make(rig) {
      const { ask } = await signInStaff(rig, 'root@acme.test')
      const id = await seed(rig, ANA)
      assert.ok((await ask(`POST /v1/users/${id}/email-changes`, { email: 'ana@new.test' })).status < 300)
      const link = linkIn(await mailAbout(rig, 'ana@new.test', 'email-change'), '/email-change/')
      return { secret: ends(link), use: () => rig.browser().submit(link), isIn: (seen) => seen.status === 200 }
    },
  },
  'the link by which the old mailbox takes a change back': {
    bits: 256,
    lifeMs: 7 * DAY_MS,
    bound: 'nobody',
    async make(rig) {
      const { browser, code } = await changing(rig)
      await browser.submit('/account/email/code', { code })
      const link = linkIn(await mailAbout(rig, ANA, 'email-changed'), '/email-change/undo/')
      return { secret: ends(link), use: () => rig.browser().submit(link), isIn: (seen) => seen.status === 200 }
    },
  },
  'the link of an invitation': {
    bits: 256,
    lifeMs: 7 * DAY_MS,
    bound: 'person',
    async make(rig) {
      const { ask } = await signInStaff(rig, 'root@acme.test')
      const { body } = await ask('POST /v1/organizations', { name: 'Acme Labs' })
      const invited = await ask('POST /v1/invitations', { organization_id: body.id, email: ANA })
      assert.equal(invited.status, 201, invited.text)
      const link = linkIn(await mailAbout(rig, ANA, 'invitation'), '/invitation/')
      const by = async (email: string) => {
        const browser = rig.browser()
        await browser.signIn(rig, email)
        return browser.submit(link)
      }
      const isIn = (seen: Seen) => /^\/invitation\/inv_/.test(seen.location ?? '')
      return { secret: ends(link), use: () => by(ANA), useElsewhere: () => by('eve@evil.test'), isIn }
    },
  },
  'a printed code': {
    bits: 80,
    lifeMs: null,
    bound: 'person',
    async make(rig) {
      for (const email of [ANA, 'bea@acme.test']) {
        await grantAdministrator(rig.db, await seed(rig, email), 'test', rig.clock.now())
      }
      await rig.administrators.reload()
      const audit = auditAt(rig.clock.now)
      const parts = { db: rig.db, clock: rig.clock, secret: secretFrom(Buffer.alloc(32, 7)), audit }
      const printed = await printBreakGlassCodes(parts, { email: ANA })
      const [code = ''] = printed.outcome === 'printed' ? printed.codes : []
      const by = (email: string) => () => rig.browser().submit('/sign-in/break-glass', { email, code })
      return { secret: code, use: by(ANA), useElsewhere: by('bea@acme.test'), isIn: signsIn }
    },
  },
  'the link by which support acts as a person': {
    bits: 256,
    lifeMs: MINUTE_MS,
    bound: 'nobody',
    async make(rig) {
      const { ask } = await signInStaff(rig, 'root@acme.test')
      const ordered = await ask('POST /v1/impersonations', {
        user_id: await seed(rig, ANA),
        reason: 'ticket 4711, asked for',
      })
      const { pathname } = new URL(ordered.body.url as string)
      return { secret: ends(pathname), use: () => rig.browser().submit(pathname), isIn: signsIn }
    },
  },
  'the button that keeps an account': {
    bits: 256,
    lifeMs: 10 * MINUTE_MS,
    bound: 'browser',
    async make(rig) {
      const { ask } = await signInStaff(rig, 'root@acme.test')
      await ask(`DELETE /v1/users/${await seed(rig, ANA)}`)
      const browser = rig.browser()
      const page = await browser.signIn(rig, ANA)
      const keep = /name="keep" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
      const other = rig.browser()
      await other.submit('/sign-in', { email: 'eve@evil.test' })
      const use = (who: TestBrowser) => () => who.submit('/sign-in/keep', { keep })
      return { secret: keep, use: use(browser), useElsewhere: use(other), isIn: signsIn }
    },
  },
  'the link of the first administrator': {
    bits: 256,
    lifeMs: 15 * MINUTE_MS,
    bound: 'nobody',
    async make(rig) {
      const { pathname } = new URL(await rig.identity.makeEnrolmentLink())
      let count = 0
      const use = async () => {
        const browser = rig.browser()
        const email = `root${++count}@acme.test`
        const started = await browser.submit(pathname, { email })
        if (started.status !== 303) return started
        return browser.submit(`${pathname}/code`, { code: (await rig.mailTo(email)).code })
      }
      return { secret: ends(pathname), use, isIn: signsIn }
    },
  },
}

for (const [name, kind] of Object.entries(kinds)) {
  test(`${name} works once, and for nobody else`, async () => {
    await using rig = await openRig()
    const { secret, use, useElsewhere, isIn } = await kind.make(rig)
    assert.equal(useElsewhere !== undefined, kind.bound !== 'nobody')
    if (useElsewhere) assert.equal(isIn(await useElsewhere()), false, 'by somebody else')
    const first = await use()
    assert.ok(isIn(first), `${first.status} ${first.location} ${first.text.slice(0, 500)}`)
    const before = await fingerprint(rig)
    await use()
    assert.deepEqual(await fingerprint(rig), before, 'the second time it does nothing more')
    // Six digits may stand in a digest or a time by chance, never by themselves.
    assert.doesNotMatch(await allRows(rig), new RegExp(`(?<![\\w.:-])${secret}(?![\\w.:-])`), 'it is at rest')
    assert.ok(kind.bits > 19.9)
    if (kind.bits < 64) assert.ok(kind.lifeMs! <= 10 * MINUTE_MS, 'what can be typed lives ten minutes at most')
  })

  if (kind.lifeMs === null) continue
  test(`${name} is over after its time`, async () => {
    await using rig = await openRig()
    const { use, isIn } = await kind.make(rig)
    rig.clock.advance(kind.lifeMs!)
    assert.equal(isIn(await use()), false)
  })
}

/** Who has which address, is what, and is signed in. */
async function fingerprint(rig: IdentityRig): Promise<unknown> {
  return rig.db.many(sql`
    select u.id, u.email,
           (select count(*)::int from sessions.session s where s.user_id = u.id and s.impersonator is not null) as acting,
           (select count(*)::int from sessions.session s where s.user_id = u.id and s.audience = 'console') as console,
           (select count(*)::int from environment.administrator a where a.user_id = u.id) as administrator,
           (select count(*)::int from tenants.membership m where m.user_id = u.id) as memberships
      from identity.user u
     where u.email_key in ('ana@acme.test', 'ana@new.test', 'root1@acme.test')
     order by u.id
     limit 10`)
}

async function allRows(rig: IdentityRig): Promise<string> {
  const rows = await rig.db.many<{ content: string }>(sql`
    select table_to_xml(format('%I.%I', schemaname, tablename)::regclass, true, false, '')::text as content
      from pg_tables
     where schemaname in ('identity', 'sessions', 'signals', 'applications', 'environment', 'tenants', 'audit', 'platform')
     limit 200`)
  return rows.map((row) => row.content).join('\n')
}

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { secretFrom } from '../../../platform/secret.ts'
import { callWith, faulty } from '../../sessions/testing.ts'
import { reapplyTombstones } from '../index.ts'
import { openRig, seed } from '../testing.ts'
import { asker, mailAbout, sessionOf, signInStaff } from './testing.ts'
import { openMarking } from './tombstones.ts'

const DAY_MS = 24 * 3_600_000
type Listed = { data: { id: string; email: string; state: string }[]; next_cursor: string | null }
const emails = (seen: { body: unknown }) => (seen.body as Listed).data.map((user) => user.email)

test('people are found by the beginnings of words of their address or name, by a whole address, and by their id', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const made = await ask('POST /v1/users', { email: 'Ana.Lopez+news@Acme.test', name: 'Zoë Müller' })
  assert.equal(made.status, 201)
  await ask('POST /v1/users', { email: 'bob@acme.test', name: 'Bob Anaconda' })
  const check = async (query: string, expected: string[]) => {
    const seen = await ask(`GET /v1/users?query=${encodeURIComponent(query)}`)
    assert.deepEqual([seen.status, ...emails(seen).toSorted()], [200, ...expected.toSorted()], query)
  }
  const ana = 'Ana.Lopez+news@acme.test'
  await check('ana', [ana, 'bob@acme.test'])
  await check('lop ACM', [ana])
  await check('zoë mül', [ana])
  await check('nac', [])
  await check('ana.lopez+news@acme.test', [ana])
  await check(String((made.body as { id: string }).id), [ana])
  for (const hostile of ["'", "a' | 'b", '!:*&|()', ':*', '\\', '%', '@', 'a\ud800', '<->', 'a:b']) {
    const seen = await ask(`GET /v1/users?query=${encodeURIComponent(hostile.toWellFormed())}`)
    assert.equal(seen.status, 200, hostile)
  }
})

test('lists go on by their cursor and hold to the state that was asked for', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const ids: string[] = []
  for (let index = 0; index < 5; index++) {
    rig.clock.advance(1)
    ids.push(await seed(rig, `user${index}@acme.test`))
  }
  for (const id of [ids[1]!, ids[3]!]) await ask(`PUT /v1/users/${id}/block`, { reason: 'test' })
  await ask(`DELETE /v1/users/${ids[4]}`)
  assert.deepEqual(emails(await ask('GET /v1/users?state=blocked')), ['user3@acme.test', 'user1@acme.test'])
  assert.deepEqual(emails(await ask('GET /v1/users?state=deleting')), ['user4@acme.test'])
  assert.deepEqual(emails(await ask('GET /v1/users?state=active&query=user')), ['user2@acme.test', 'user0@acme.test'])
  const first = await ask('GET /v1/users?state=all&query=user&limit=2')
  const { next_cursor: cursor } = first.body as unknown as Listed
  const second = await ask(`GET /v1/users?query=user&limit=2&cursor=${cursor}`)
  assert.deepEqual(
    [...emails(first), ...emails(second)],
    ['user4', 'user3', 'user2', 'user1'].map((name) => `${name}@acme.test`),
  )
  assert.equal((await ask('GET /v1/users?cursor=x')).body.code, 'identity.bad_cursor')
  assert.equal((await ask('GET /v1/users?state=gone')).status, 400)
})

test('members of an organisation are listed and searched, exported with what they are there, and leave it for good', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const made = await ask('POST /v1/organizations', { name: 'Acme' })
  assert.equal(made.status, 201)
  const organization = made.body.id as string
  const ids: string[] = []
  for (let index = 0; index < 4; index++) {
    rig.clock.advance(1)
    ids.push(await seed(rig, `user${index}@acme.test`))
    const joined = { organization_id: organization, user_id: ids[index], roles: index === 0 ? ['owner'] : ['member'] }
    if (index < 3) assert.equal((await ask('POST /v1/memberships', joined)).status, 201)
  }
  await ask(`PUT /v1/users/${ids[1]}/block`, { reason: 'test' })
  const list = (query: string) => ask(`GET /v1/users?organization_id=${organization}${query}`)
  assert.deepEqual(emails(await list('')), ['user2@acme.test', 'user1@acme.test', 'user0@acme.test'])
  assert.deepEqual(emails(await list('&state=blocked')), ['user1@acme.test'])
  assert.deepEqual(emails(await list('&query=user2')), ['user2@acme.test'])
  const first = await list('&limit=2')
  const { next_cursor: cursor } = first.body as unknown as Listed
  assert.deepEqual(emails(await list(`&limit=2&cursor=${cursor}`)), ['user0@acme.test'])
  const { sections } = (await ask(`GET /v1/users/${ids[2]}/export`)).body as unknown as {
    sections: { memberships: { roles: string[] }[] }
  }
  assert.deepEqual(
    sections.memberships.map(({ roles }) => roles),
    [['member']],
  )
  await ask(`DELETE /v1/users/${ids[2]}`)
  rig.clock.advance(30 * DAY_MS)
  assert.equal(await rig.identity.purgeAccounts(), 1)
  const left = await rig.db.many<{ user_id: string }>(sql`select user_id from tenants.membership order by user_id`)
  assert.deepEqual(left.map((row) => row.user_id).toSorted(), [ids[0], ids[1]].toSorted())
})

test('an account is made once an address, and once an Idempotency-Key', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const key = { 'idempotency-key': 'one' }
  const made = await ask('POST /v1/users', { email: 'ana@acme.test', metadata_public: { plan: 'team' } }, key)
  const again = await ask('POST /v1/users', { email: 'ana@acme.test', metadata_public: { plan: 'team' } }, key)
  assert.deepEqual([made.status, again.status, again.body.id], [201, 201, made.body.id])
  assert.equal((await ask('POST /v1/users', { email: 'ANA@acme.test' })).body.code, 'identity.email_taken')
  assert.equal((await ask('POST /v1/users', { email: 'ana' })).body.code, 'identity.bad_email')
  assert.equal((await ask('POST /v1/users', { email: 'b@acme.test', name: 'a\nb' })).body.code, 'identity.bad_profile')
  assert.equal((await ask('POST /v1/users', { email: 'b@acme.test', is_admin: true })).status, 400)
  await rig.browser().signIn(rig, 'ana@acme.test')
  assert.equal(((await ask('GET /v1/users?query=ana@acme.test')).body as unknown as Listed).data.length, 1)
})

test('a change merges metadata by its names, leaves the rest, and is seen in every session', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const ana = rig.browser()
  await ana.signIn(rig, 'ana@acme.test')
  const { id } = ((await ask('GET /v1/users?query=ana@acme.test')).body as unknown as Listed).data[0]!
  const patch = (body: unknown) => ask(`PATCH /v1/users/${id}`, body)
  await patch({ name: 'Ana', metadata_private: { a: 1, b: { c: 2 } } })
  const { body } = await patch({ metadata_private: { a: null, d: [] }, time_zone: 'Europe/Vienna' })
  assert.deepEqual([body.name, body.metadata_private, body.time_zone], ['Ana', { b: { c: 2 }, d: [] }, 'Europe/Vienna'])
  const session = (await sessionOf(ana)).body.session as { user: { name: string } }
  assert.equal(session.user.name, 'Ana')
  assert.equal((await patch({ metadata_public: { a: 'x'.repeat(17_000) } })).body.code, 'identity.metadata_too_large')
  assert.equal((await patch({ metadata_public: { a: '\u0000' } })).body.code, 'identity.bad_metadata')
  assert.equal((await patch({ name: null })).body.name, null)
  assert.equal((await ask('PATCH /v1/users/usr_none', {})).body.code, 'identity.no_user')
})

test('a blocked person is signed out at once, and told so only after the right code', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const [ana, stranger] = [rig.browser(), rig.browser()]
  await ana.signIn(rig, 'ana@acme.test')
  const { id } = ((await ask('GET /v1/users?query=ana@acme.test')).body as unknown as Listed).data[0]!
  const blocked = await ask(`PUT /v1/users/${id}/block`, { reason: 'spam' })
  assert.deepEqual([blocked.status, blocked.body.state, blocked.body.live_sessions], [200, 'blocked', 0])
  const refused = await sessionOf(ana)
  assert.deepEqual([refused.status, refused.body.reason], [401, 'blocked'])

  const unknown = await stranger.submit('/sign-in', { email: 'nobody@acme.test' })
  const known = await stranger.submit('/sign-in', { email: 'ana@acme.test' })
  assert.deepEqual([known.status, known.location], [unknown.status, unknown.location])
  const wrong = await stranger.submit('/sign-in/code', { code: '000000' })
  assert.doesNotMatch(wrong.text, /blocked/)
  const german = rig.browser()
  german.headers['accept-language'] = 'de'
  for (const [browser, words] of [
    [stranger, /This account is blocked/],
    [german, /Dieses Konto ist gesperrt/],
  ] as const) {
    await browser.submit('/sign-in', { email: 'ana@acme.test' })
    const { code } = await rig.mailTo('ana@acme.test')
    const told = await browser.submit('/sign-in/code', { code })
    assert.equal(told.status, 403)
    assert.match(told.text, words)
    assert.doesNotMatch(told.text, /spam/)
    assert.equal(browser.jar.has('hf_session'), false)
  }
  await ask(`DELETE /v1/users/${id}/block`)
  assert.equal((await ana.signIn(rig, 'ana@acme.test')).location, '/account')
})

test('a sign-in that races with a block leaves no live session, whoever comes first', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  for (let round = 0; round < 6; round++) {
    const email = `user${round}@acme.test`
    const id = await seed(rig, email)
    const browsers = [rig.browser(), rig.browser(), rig.browser()]
    const codes: string[] = []
    for (const browser of browsers) {
      await browser.submit('/sign-in', { email })
      codes.push((await rig.mailTo(email)).code)
    }
    await Promise.all([
      ...browsers.map((browser, index) => browser.submit('/sign-in/code', { code: codes[index]! })),
      ask(`PUT /v1/users/${id}/block`, { reason: 'race' }),
    ])
    const user = await ask(`GET /v1/users/${id}`)
    assert.deepEqual([user.body.state, user.body.live_sessions], ['blocked', 0])
    for (const browser of browsers) assert.equal((await sessionOf(browser)).status, 401)
  }
})

test('staff are closed out by administrators only, and the last administrator by nobody', async () => {
  await using rig = await openRig()
  const root = await signInStaff(rig, 'root@staff.test')
  const close = (id: string) => [
    root.ask(`PUT /v1/users/${id}/block`, { reason: 'x' }),
    root.ask(`DELETE /v1/users/${id}`),
  ]
  for (const answer of await Promise.all(close(root.id))) assert.equal(answer.body.code, 'identity.last_administrator')
  const other = await signInStaff(rig, 'other@staff.test')
  const answers = await Promise.all([
    root.ask(`PUT /v1/users/${other.id}/block`, { reason: 'x' }),
    other.ask(`PUT /v1/users/${root.id}/block`, { reason: 'x' }),
  ])
  assert.ok(answers.some(({ status }) => status !== 200))
  const users = await rig.db.many<{ id: string }>(sql`select id from identity.user where blocked_at is null`)
  assert.equal(users.length, 1)
  const support = await signInStaff(rig, 'help@staff.test', 'support')
  assert.equal((await support.ask(`PUT /v1/users/${root.id}/block`, { reason: 'x' })).status, 403)
})

test('a deletion can be undone through its grace, by staff and by whoever signs in', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const ana = rig.browser()
  await ana.signIn(rig, 'ana@acme.test')
  const { id } = ((await ask('GET /v1/users?query=ana@acme.test')).body as unknown as Listed).data[0]!
  const asked = await ask(`DELETE /v1/users/${id}`)
  const deletesAt = new Date(rig.clock.now().getTime() + 30 * DAY_MS).toISOString()
  assert.deepEqual([asked.status, asked.body], [202, { deletes_at: deletesAt }])
  assert.equal((await sessionOf(ana)).body.reason, 'account_deleted')
  assert.match((await mailAbout(rig, 'ana@acme.test', 'account-deleting')).text, /To keep it, sign in/)
  rig.clock.advance(DAY_MS)
  assert.deepEqual((await ask(`DELETE /v1/users/${id}`)).body, { deletes_at: deletesAt })
  assert.equal((await ask(`DELETE /v1/users/${id}/deletion`)).body.state, 'active')

  await ask(`DELETE /v1/users/${id}`)
  const page = await ana.signIn(rig, 'ana@acme.test')
  assert.match(page.text, /Keep this account\?/)
  assert.equal(ana.jar.has('hf_session'), false)
  const signIns = () =>
    rig.db.many<{ action: string; facts: { reason?: string } }>(sql`
    select action, facts from audit.entry where subject_id = ${id} and action like 'sign-in.%' order by at desc, id desc`)
  const [unmade] = await signIns()
  assert.deepEqual([unmade?.action, unmade?.facts.reason], ['sign-in.failed', 'deleting'])
  const keep = /name="keep" value="([^"]+)"/.exec(page.text)![1]!
  const elsewhere = rig.browser()
  await elsewhere.submit('/sign-in', { email: 'eve@acme.test' })
  assert.equal((await elsewhere.submit('/sign-in/keep', { keep })).status, 400)
  for (const forged of ['', 'x', 'v1.AAAA', keep.slice(0, -2)]) {
    assert.equal((await ana.submit('/sign-in/keep', { keep: forged })).status, 410, forged)
  }
  assert.equal((await ask(`GET /v1/users/${id}`)).body.state, 'deleting')
  assert.equal((await ana.submit('/sign-in/keep', { keep })).location, '/account')
  assert.equal((await sessionOf(ana)).status, 200)
  assert.equal((await ask(`GET /v1/users/${id}`)).body.state, 'active')
  assert.equal((await ana.submit('/sign-in/keep', { keep })).status, 400)
  assert.deepEqual((await signIns()).map(({ action }) => action).sort(), [
    'sign-in.failed',
    ...Array(2).fill('sign-in.succeeded'),
  ])
  await mailAbout(rig, 'ana@acme.test', 'account-kept')

  const api = rig.browser()
  await ask(`DELETE /v1/users/${id}`)
  const { body } = await api.post('/v1/sign-in/email', { email: 'ana@acme.test' })
  const { code } = await rig.mailTo('ana@acme.test')
  const verified = await api.post('/v1/sign-in/email/verify', { challenge_id: body.challenge_id, code })
  assert.deepEqual([verified.status, verified.body.code], [403, 'identity.deleting'])
})

test('after the grace nothing of the person is left but a tombstone, and the address makes a new account', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const ana = rig.browser()
  await ana.signIn(rig, 'ana@acme.test')
  const { id } = ((await ask('GET /v1/users?query=ana@acme.test')).body as unknown as Listed).data[0]!
  await ask(`DELETE /v1/users/${id}`)
  rig.clock.advance(30 * DAY_MS)
  assert.equal((await ask(`DELETE /v1/users/${id}/deletion`)).status, 401, 'the console session has run out meanwhile')
  assert.equal(await rig.identity.purgeAccounts(), 1)
  assert.equal(await rig.identity.purgeAccounts(), 0)

  const [session] = await rig.db.many<{ person: object; device: { address: string } }>(
    sql`select person, device from sessions.session where user_id = ${id}`,
  )
  assert.deepEqual(session!.person, { email: null, name: null, picture_url: null })
  assert.equal(session!.device.address, '')
  const [stone] = await rig.db.many<{ requested_by: string; email_digest: Buffer }>(
    sql`select requested_by, email_digest from identity.tombstone where user_id = ${id}`,
  )
  assert.equal(stone!.email_digest.length, 32)
  const lines = (await readFile(join(rig.folder, 'tombstones.jsonl'), 'utf8')).trim().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [{ user_id: id, at: rig.clock.now().toISOString(), seq: 1 }],
  )
  for (const table of [
    'identity.user',
    'identity.known_browser',
    'identity.challenge',
    'sessions.session',
    'signals.signal',
    'audit.entry',
  ]) {
    const rows = await rig.db.many(sql([`select * from ${table} as t where t::text like '%ana@acme.test%'`] as never))
    assert.deepEqual(rows, [], table)
  }

  const again = rig.browser()
  await again.signIn(rig, 'ana@acme.test')
  const { user } = (await sessionOf(again)).body.session as { user: { id: string } }
  assert.notEqual(user.id, id)
})

test('a purge that a crash interrupted is done by the next one, and what a restore brings back is deleted again', async () => {
  const { state, wrap } = faulty()
  await using rig = await openRig({ wrap })
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const id = await seed(rig, 'ana@acme.test')
  await ask(`DELETE /v1/users/${id}`)
  rig.clock.advance(30 * DAY_MS)
  state.losesNextCommit = true
  await assert.rejects(rig.identity.purgeAccounts())
  await rig.identity.purgeAccounts()
  assert.deepEqual(await rig.db.many(sql`select id from identity.user where id = ${id}`), [])

  await seed(rig, 'bob@acme.test')
  const [bob] = await rig.db.many<{ id: string }>(sql`select id from identity.user where email = 'bob@acme.test'`)
  const stones = [
    { user_id: bob!.id, at: rig.clock.now().toISOString() },
    { user_id: 'usr_never', at: rig.clock.now().toISOString() },
  ]
  const secret = secretFrom(Buffer.alloc(32, 7))
  assert.equal(await reapplyTombstones(rig.db, stones, { secret }), 1)
  assert.equal(await reapplyTombstones(rig.db, stones, { secret }), 0)
})

test('a person deletes their own account with a fresh sign-in and a typed address', async () => {
  await using rig = await openRig()
  const ana = rig.browser()
  await ana.signIn(rig, 'ana@acme.test')
  assert.match((await ana.get('/account')).text, /Delete this account/)
  assert.match((await ana.get('/account/delete')).text, /Type your e-mail address/)
  assert.equal((await ana.submit('/account/delete', { email: 'bob@acme.test' })).status, 400)
  rig.clock.advance(11 * 60_000)
  const stale = await ana.submit('/account/delete', { email: 'ana@acme.test' })
  assert.equal(stale.location, '/sign-in?max_age=600&strongest=1&return_to=%2Faccount%2Fdelete')
  await ana.signIn(rig, 'ana@acme.test', { max_age: '600', return_to: '/account/delete' })
  const done = await ana.submit('/account/delete', { email: 'ANA@acme.test' })
  assert.equal(done.status, 200)
  assert.match(done.text, /will be deleted/)
  assert.equal(ana.jar.has('hf_session'), false)
  const root = await signInStaff(rig, 'root@staff.test')
  await root.browser.signIn(rig, 'root@staff.test')
  const last = await root.browser.submit('/account/delete', { email: 'root@staff.test' })
  assert.equal(last.status, 400)
  assert.match(last.text, /last administrator/)
  assert.equal(
    (await rig.browser().submit('/account/delete', { email: 'x' })).location,
    '/sign-in?return_to=%2Faccount%2Fdelete',
  )
})

test('everything held about a person comes as JSON and as a page, in their language, and that is in the audit', async () => {
  await using rig = await openRig()
  const { ask } = await signInStaff(rig, 'root@staff.test')
  const ana = rig.browser()
  await ana.signIn(rig, 'ana@acme.test')
  const { id } = ((await ask('GET /v1/users?query=ana@acme.test')).body as unknown as Listed).data[0]!
  await ask(`PATCH /v1/users/${id}`, { name: '<b>Ana</b>', metadata_private: { note: 'kept to ourselves' } })
  const reason = 'Ana asked why her notes are gone'
  assert.equal((await ask('POST /v1/impersonations', { user_id: id, reason })).status, 201)
  const exported = await ask(`GET /v1/users/${id}/export`)
  const { sections } = exported.body as unknown as { sections: Record<string, unknown> }
  assert.deepEqual(Object.keys(sections), [
    'profile', 'metadata_public', 'metadata_private', 'known_browsers', 'passkeys',
    'linked_identities',
    'recovery_codes', 'email_changes', 'sessions', 'memberships',
    'invitations', 'impersonations', 'fail_over_sign_ins', 'rescues', 'audit',
  ]) // biome-ignore format: one list
  assert.equal((sections.sessions as { device: { address: string } }[])[0]!.device.address, '127.0.0.1')
  const [impersonation] = sections.impersonations as Record<string, unknown>[]
  assert.equal(impersonation?.reason, reason)
  assert.ok(!('token_digest' in impersonation!))
  const german = await ana.request('/account/export/page', { headers: { 'accept-language': 'de' } })
  assert.match(german.text, /Was über Sie gespeichert ist/)
  assert.match(german.text, /kept to ourselves/)
  assert.match(german.text, /&lt;b&gt;Ana&lt;\/b&gt;/)
  const file = await ana.get('/account/export/file')
  assert.match(file.headers.get('content-disposition') ?? '', /^attachment; filename="holdfast-usr_\w+\.json"$/)
  assert.match((await ask(`GET /v1/users/${id}/export?format=html`)).text, /What is held about you/)
  assert.equal((await ask('GET /v1/users/usr_none/export')).status, 404)
  const noted = await rig.db.many<{ actor_id: string }>(
    sql`select actor_id from audit.entry where action = 'user.exported' and subject_id = ${id}`,
  )
  assert.equal(noted.length, 4)
  assert.equal(noted.filter((entry) => entry.actor_id === id).length, 2)
  rig.clock.advance(11 * 60_000)
  assert.match((await ana.get('/account/export/file')).location ?? '', /max_age=600/)
})

test('support that acts in somebody’s name cannot change their address, take their data, or delete them', async () => {
  await using rig = await openRig()
  const id = await seed(rig, 'ana@acme.test')
  const staff = await seed(rig, 'sam@staff.test')
  const { cookies } = await rig.sessions.issue(callWith(), {
    user: { id, email: 'ana@acme.test', name: null, picture_url: null },
    audience: 'account',
    amr: ['otp'],
    acr: 'single',
    impersonator: { id: staff, name: 'Sam' },
  })
  const browser = rig.browser()
  for (const { name, value } of cookies) browser.jar.set(name, value!)
  assert.equal((await sessionOf(browser)).status, 200)
  const ask = asker(browser, {})
  const answers = [
    await browser.get('/account/email'),
    await browser.submit('/account/email', { email: 'eve@evil.test' }),
    await browser.submit('/account/email/code', { code: '123456' }),
    await browser.get('/account/delete'),
    await browser.submit('/account/delete', { email: 'ana@acme.test' }),
    await browser.get('/account/export'),
    await browser.get('/account/export/page'),
    await browser.get('/account/export/file'),
    await ask('POST /v1/account/email-changes', { email: 'eve@evil.test' }),
    await ask('POST /v1/account/email-changes/emc_x/confirmations', { code: '123456' }),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    answers.map(() => 403),
  )
  assert.deepEqual(await rig.db.many(sql`select id from identity.email_change limit 1`), [])
})

test('a person without a scope reads and changes nobody', async () => {
  await using rig = await openRig()
  const ana = rig.browser()
  await ana.signIn(rig, 'ana@acme.test')
  const id = await seed(rig, 'bob@acme.test')
  for (const headers of [{}, { 'holdfast-audience': 'console' }] as Record<string, string>[]) {
    const ask = asker(ana, headers)
    for (const line of [
      'GET /v1/users',
      `GET /v1/users/${id}/export`,
      `DELETE /v1/users/${id}`,
      `DELETE /v1/users/${id}/block`,
      `DELETE /v1/users/${id}/deletion`,
    ])
      assert.ok([401, 403].includes((await ask(line)).status), line)
    assert.ok([401, 403].includes((await ask('POST /v1/users', { email: 'x@y.test' })).status))
  }
})

test('the list of tombstones says until when it was kept: whenever something was removed anywhere, and once an hour', async () => {
  await using rig = await openRig()
  const { clock, folder, db } = rig
  const mark = openMarking({ background: db, clock, folder })
  const marks = async () => {
    const text = await readFile(join(folder, 'tombstones.jsonl'), 'utf8').catch(() => '')
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { removals: number }).removals)
  }
  await mark()
  await mark()
  assert.deepEqual(await marks(), [0])
  // By another machine, whose list this is not.
  await db.run(sql`update identity.removal_head set seq = seq + 2`)
  await mark()
  clock.advance(59 * 60_000)
  await mark()
  assert.deepEqual(await marks(), [0, 2])
  clock.advance(60_000)
  await mark()
  assert.deepEqual(await marks(), [0, 2, 2])
})

import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestSession } from '../../sdk/testing/access-double.ts'
import { openFolder } from '../../sdk/testing/open-folder.ts'
import { cookieOf } from '../../sdk/testing/open-site.ts'
import { until } from '../../sdk/testing/until.ts'
import { openNotebook } from './notebook.ts'
import type { Notes } from './start-notes.ts'
import { openFieldnotes, type TestFieldnotes } from './testing/open-fieldnotes.ts'
import type { WhoAmI } from './who-am-i.ts'

/** What one browser does. */
function browserOf(notes: () => Notes, cookie: string) {
  const send = (path: string, init: RequestInit = {}) =>
    fetch(notes().url + path, {
      redirect: 'manual',
      ...init,
      // The app is restarted under it: a connection that was kept would be of the one before.
      headers: {
        accept: 'text/html',
        connection: 'close',
        ...(cookie && { cookie }),
        ...(init.headers as Record<string, string>),
      },
    })
  return {
    send,
    text: async (path: string) => (await send(path)).text(),
    post: (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      send(path, { method: 'POST', body: new URLSearchParams(fields), headers: { origin: notes().url, ...headers } }),
    whoAmI: async () => (await (await send('/whoami.json')).json()) as WhoAmI,
  }
}

const signedIn = (app: TestFieldnotes, session: TestSession = app.access.signIn()) => ({
  session,
  ...browserOf(() => app.notes, cookieOf({ handle: session.handle, proof: app.access.proofOf(session) })),
})
const stranger = (app: TestFieldnotes) => browserOf(() => app.notes, '')

test('a stranger reads what this is, and is led to sign in and back', async () => {
  await using app = await openFieldnotes()
  const page = await stranger(app).send('/')
  assert.equal(page.status, 200)
  const html = await page.text()
  assert.ok(html.includes(`/auth/sign-in?return_to=${encodeURIComponent(`${app.notes.url}/`)}`))
  assert.match(page.headers.get('content-security-policy')!, /default-src 'none'/)
  assert.match((await stranger(app).send('/settings')).headers.get('location')!, /^\/auth\/sign-in\?/)
})

test('somebody who is signed in sees their name, and how it is known, in the page itself', async () => {
  await using app = await openFieldnotes()
  const html = await signedIn(app).text('/')
  assert.match(html, /<span class="who">Ana<\/span>/)
  assert.match(html, /data-mark="ok"/)
  assert.match(html, /data-fact="source">proof</)
  assert.match(html, /We checked the signature here and asked nobody\./)
  assert.match(html, /data-age="\d+"/)
})

test('who came in while their provider was down is told so on every page, and by when to confirm once it is back', async () => {
  await using app = await openFieldnotes()
  const session = app.access.signIn()
  const withProof = (amr: string[]) =>
    browserOf(() => app.notes, cookieOf({ handle: session.handle, proof: app.access.proofOf(session, { amr }) }))
  for (const amr of [['otp'], ['otp', 'failover', 'rescue']]) {
    assert.ok(!(await withProof(amr).text('/')).includes('login was down'), `${amr}`)
  }
  const ana = withProof(['otp', 'failover'])
  assert.match(await ana.text('/'), /role="status">You signed in while your company’s login was down\. When it is back/)

  const dueAt = new Date(Date.now() + 15 * 60_000).toISOString()
  const forgetAt = new Date(Date.now() + 60 * 60_000).toISOString()
  app.access.tell('deadline', { seq: 0, session_id: session.id, due_at: dueAt, forget_at: forgetAt })
  const html = await until('the deadline is shown', async () => {
    const text = await ana.text('/')
    return text.includes(`datetime="${dueAt}"`) && text
  })
  assert.match(html, /It is back: confirm by <time [^>]*>[^<]+<\/time>, or you are signed out\./)
  assert.ok(
    html.includes(`<a href="/auth/sign-in?return_to=${encodeURIComponent(`${app.notes.url}/`)}">Confirm now</a>`),
  )
  app.access.revoke(session, 'failover_ended')
  await until('it has ended', async () => (await ana.whoAmI()).verdict === 'invalid')
  const leave = (await ana.send('/')).headers.get('location')
  assert.match(await stranger(app).text(leave ?? '/'), /was not confirmed there in time/)
})

test('notes are written, shown to everybody, deleted by their author only, and kept over a restart', async () => {
  await using app = await openFieldnotes()
  const ana = signedIn(app)
  const text = 'Gauge reads 4 cm low <script>alert(1)</script>'
  const added = await ana.post('/notes', { text })
  assert.deepEqual([added.status, added.headers.get('location')], [303, '/'])
  const html = await ana.text('/')
  assert.ok(html.includes('Gauge reads 4 cm low &#60;script&#62;'))
  assert.ok(!html.includes('<script>alert'))

  await app.restart()
  const [id] = /\/notes\/([0-9a-f-]{36})\/delete/.exec(await ana.text('/'))!.slice(1)
  const ben = app.access.signIn()
  const proof = app.access.proofOf(ben, { sub: 'usr_ben', name: 'Ben', email: 'ben@acme.test' })
  const other = browserOf(() => app.notes, cookieOf({ handle: ben.handle, proof }))
  const seen = await other.text('/')
  assert.ok(seen.includes('Gauge reads') && !seen.includes(`/notes/${id}/delete`))
  await other.post(`/notes/${id}/delete`)
  assert.ok((await ana.text('/')).includes('Gauge reads'))
  await ana.post(`/notes/${id}/delete`)
  assert.ok((await ana.text('/')).includes('Nothing is written down yet'))
})

test('a note that cannot be kept is given back with the reason', async () => {
  await using app = await openFieldnotes()
  const ana = signedIn(app)
  const long = await ana.post('/notes', { text: 'x'.repeat(2001) })
  assert.equal(long.status, 400)
  assert.match(await long.text(), /2000 characters at most.*x{2001}<\/textarea>/s)
  assert.match(await (await ana.post('/notes', { text: '  \n ' })).text(), /at least one word/)
  assert.equal((await ana.post('/notes', { text: 'x'.repeat(40_000) })).status, 413)
})

test('another site changes nothing here', async () => {
  await using app = await openFieldnotes()
  const ana = signedIn(app)
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: app.notes.url, 'sec-fetch-site': 'cross-site' },
    { origin: app.notes.url, 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of foreign) {
    assert.equal((await ana.post('/notes', { text: 'planted' }, headers)).status, 403)
    assert.equal((await ana.post('/settings/delete-notes', { confirm: 'delete' }, headers)).status, 403)
  }
  assert.ok(!(await ana.text('/')).includes('planted'))
})

test('a session that an administrator ended is out within seconds, with the reason and the time', async () => {
  await using app = await openFieldnotes()
  const ana = signedIn(app)
  assert.equal((await ana.whoAmI()).verdict, 'valid')
  const { at } = app.access.revoke(ana.session)
  const who = await until('the page knows', async () => {
    const answer = await ana.whoAmI()
    return answer.verdict === 'invalid' && answer
  })
  assert.equal(who.leave, `/signed-out?${new URLSearchParams({ reason: 'revoked', at })}`)
  const home = await ana.send('/')
  assert.deepEqual([home.status, home.headers.get('location')], [303, who.leave])
  assert.equal(home.headers.getSetCookie().length, 2)
  const html = await stranger(app).text(who.leave!)
  assert.match(html, /Ended by an administrator\./)
  assert.ok(html.includes(`datetime="${at}"`))
})

test('the signed-out page says only words of its own', async () => {
  await using app = await openFieldnotes()
  const html = await stranger(app).text('/signed-out?reason=<b>paid</b>&at=<i>soon</i>')
  assert.match(html, /This session has ended\./)
  assert.ok(!html.includes('paid') && !html.includes('soon'))
  assert.ok(!(await stranger(app).text('/signed-out?reason=constructor')).includes('native code'))
})

test('with access dead and the app restarted: people go on, the ended stay out, others are not known', async () => {
  await using app = await openFieldnotes()
  const [ana, ended] = [signedIn(app), signedIn(app)]
  app.access.revoke(ended.session)
  await until('it is known', async () => (await ended.whoAmI()).verdict === 'invalid')
  await app.access.stop()
  await app.restart()

  assert.match(await ana.text('/'), /<span class="who">Ana<\/span>/)
  assert.equal((await ana.post('/notes', { text: 'written in an outage' })).status, 303)
  assert.match((await ended.send('/')).headers.get('location')!, /^\/signed-out\?reason=revoked/)
  const { handle } = app.access.signIn()
  const unknown = await browserOf(() => app.notes, cookieOf({ handle })).send('/')
  assert.deepEqual([unknown.status, unknown.headers.get('retry-after'), unknown.headers.getSetCookie()], [503, '3', []])
  const html = await unknown.text()
  assert.match(html, /Holdfast is not answering\./)
  assert.match(html, /You have not been signed out/)
  assert.match(html, /http-equiv="refresh"/)
  const away = await until('the panel says so', async () => {
    const { holdfast } = await ana.whoAmI()
    return /^not answering since \d\d:\d\d:\d\d UTC$/.test(holdfast) && holdfast
  })
  assert.ok((await ana.text('/')).includes(away))
})

test('settings open on a fresh sign-in only, and never on knowledge of before', async () => {
  await using app = await openFieldnotes()
  const ana = signedIn(app)
  await ana.post('/notes', { text: 'one' })
  await ana.post('/notes', { text: 'two' })
  assert.match(await ana.text('/settings'), /all 2 of your notes/)
  assert.match(await (await ana.post('/settings/delete-notes', { confirm: 'no' })).text(), /was not typed/)

  ana.session.authenticatedMs = Date.now() - 600_000
  const page = await ana.send('/settings')
  const back = encodeURIComponent(`${app.notes.url}/settings`)
  assert.deepEqual([page.status, page.headers.get('location')], [303, `/auth/sign-in?max_age=300&return_to=${back}`])
  const late = await ana.post('/settings/delete-notes', { confirm: 'delete' })
  assert.equal(late.headers.get('location'), '/settings')
  assert.ok((await ana.text('/')).includes('two'))

  ana.session.authenticatedMs = Date.now()
  app.access.mode = 'database-away'
  const away = await ana.send('/settings')
  assert.equal(away.status, 503)
  assert.match(await away.text(), /its database is not answering/)
  assert.equal((await ana.send('/')).status, 200)

  app.access.mode = 'up'
  const done = await ana.post('/settings/delete-notes', { confirm: 'delete' })
  assert.equal(done.headers.get('location'), '/settings?deleted=2')
  assert.match(await ana.text('/settings?deleted=2'), /2 notes deleted\..*You have written no notes/s)
})

test('the app has one address: under another name a reader is led to it', async () => {
  await using app = await openFieldnotes()
  const { port } = new URL(app.notes.url)
  const page = await fetch(`http://localhost:${port}/settings?a=1`, { redirect: 'manual' })
  assert.deepEqual([page.status, page.headers.get('location')], [307, `${app.notes.url}/settings?a=1`])
})

test('style and script come from here, for good under their digest', async () => {
  await using app = await openFieldnotes()
  const html = await signedIn(app).text('/')
  for (const [, path] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
    const asset = await stranger(app).send(path!)
    assert.deepEqual([asset.status, asset.headers.get('cache-control')], [200, 'public, max-age=31536000, immutable'])
  }
  assert.equal((await stranger(app).send('/assets/../main.ts')).status, 404)
  assert.equal((await stranger(app).send('/nothing')).status, 404)
})

test('a notebook that cannot be read is not written over', async () => {
  await using folder = await openFolder()
  const file = join(folder.path, 'notes.json')
  await writeFile(file, '{"notes":[')
  assert.throws(() => openNotebook(folder.path, Date.now), /cannot be read.*Mend it/)
  assert.equal(await readFile(file, 'utf8'), '{"notes":[')
})

test('what many write at once is all kept', async () => {
  await using folder = await openFolder()
  const notebook = openNotebook(folder.path, Date.now)
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => notebook.add({ id: 'usr_1', name: 'Ana' }, `note ${index}`)),
  )
  assert.equal(openNotebook(folder.path, Date.now).all().length, 50)
})

const HALF = {
  if: [
    { '!!': [{ var: 'organization' }] },
    { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'organization' }] }, ['on', 50], ['off', 50]] },
    'off',
  ],
}
const newView = (more: object = {}) => ({
  'new-view': {
    ...{ state: 'ENABLED' as const, variants: { on: true, off: false }, defaultVariant: 'off', targeting: HALF },
    ...more,
  },
})
const ofOrganization = (app: TestFieldnotes, org: string) => {
  const session = app.access.signIn()
  return browserOf(() => app.notes, cookieOf({ handle: session.handle, proof: app.access.proofOf(session, { org }) }))
}

test('half of the organisations have the new view, are told why, and keep it over a restart with Holdfast away', async () => {
  await using app = await openFieldnotes()
  const ana = ofOrganization(app, 'org_1')
  assert.equal((await ana.whoAmI()).view_why, 'Nothing is known of flags yet, so our own default counts.')
  app.access.flags.publish(newView())
  await until('the flag is there', async () => (await ana.whoAmI()).view_from.startsWith('live, e1.s1'))
  const organizations = Array.from({ length: 200 }, (_, index) => `org_${index}`)
  const views = new Map<string, string>()
  for (const org of organizations) views.set(org, (await ofOrganization(app, org).whoAmI()).view)
  const share = [...views.values()].filter((view) => view === 'new').length
  assert.ok(share > 70 && share < 130, `${share} of 200`)
  const { view, view_why: why } = await ana.whoAmI()
  assert.equal(why, `The flag new-view says “${view === 'new' ? 'on' : 'off'}” for org_1, by its rule.`)
  assert.ok((await ana.text('/')).includes(`data-view="${view}"`))

  await app.access.stop()
  await app.restart()
  for (const org of organizations) assert.equal((await ofOrganization(app, org).whoAmI()).view, views.get(org))
  assert.match((await ana.whoAmI()).view_from, /^disk, e1\.s1, confirmed /)
})

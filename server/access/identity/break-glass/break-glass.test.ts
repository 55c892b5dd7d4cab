import assert from 'node:assert/strict'
import { test } from 'node:test'
import { auditAt } from '../../../ground/audit/index.ts'
import { grantAdministrator } from '../../../ground/environment/index.ts'
import { newestSignals } from '../../../ground/signals/index.ts'
import { secretFrom } from '../../../platform/secret.ts'
import { printBreakGlassCodes } from '../index.ts'
import { type IdentityRig, openRig, seed } from '../testing.ts'
import { newCode, readCode } from './code.ts'

const CONSOLE = { 'holdfast-audience': 'console' }
const PAGE = '/sign-in/break-glass'
const TURNS = 50

async function administrator(rig: IdentityRig, email = 'ana@acme.test'): Promise<string> {
  const id = await seed(rig, email)
  await grantAdministrator(rig.db, id, 'command line', rig.clock.now())
  await rig.administrators.reload()
  return id
}
async function print(rig: IdentityRig, email = 'ana@acme.test'): Promise<string[]> {
  const parts = { db: rig.db, clock: rig.clock, secret: secretFrom(Buffer.alloc(32, 7)), audit: auditAt(rig.clock.now) }
  const printed = await printBreakGlassCodes(parts, { email })
  assert.equal(printed.outcome, 'printed')
  return printed.outcome === 'printed' ? printed.codes : []
}
const asConsole = (browser: ReturnType<IdentityRig['browser']>, path: string, init: RequestInit = {}) =>
  browser.request(path, { ...init, headers: { accept: 'application/json', ...CONSOLE, ...init.headers } })

test('with no mail to be sent, a printed code opens the console, once, and every administrator is told', async () => {
  await using rig = await openRig({ signUp: 'closed' })
  await administrator(rig)
  await administrator(rig, 'bea@acme.test')
  rig.mailServers.push({ state: 'failing', since: rig.clock.now() })
  const codes = await print(rig)
  assert.equal(new Set(codes).size, 10)

  const browser = rig.browser()
  assert.match((await browser.get('/sign-in?application=console')).text, /href="\/sign-in\/break-glass"/)
  assert.doesNotMatch((await browser.get('/sign-in')).text, /break-glass/)
  const asked = await browser.get(PAGE)
  assert.match(asked.text, /This way in needs no mail/)
  assert.match(asked.text, /No mail could be sent/)
  const done = await browser.submit(PAGE, {
    email: 'Ana@acme.test',
    code: ` ${codes[0]!.toLowerCase().replaceAll('-', ' ')} `,
  })
  assert.equal(done.status, 200, done.text)
  assert.match(done.text, /9 codes are left/)

  const { body } = await asConsole(browser, '/v1/session')
  assert.equal(body.verdict, 'valid')
  const session = body.session as { amr: string[]; acr: string; audience: string }
  assert.deepEqual([session.amr, session.acr, session.audience], [['otp', 'recovery'], 'single', 'console'])
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
  const told = rig.sent.filter((mail) => mail.purpose === 'break-glass-used')
  assert.deepEqual(told.map((mail) => mail.to).sort(), ['ana@acme.test', 'bea@acme.test'])
  assert.ok(told.every((mail) => !codes.some((code) => mail.text.includes(code))))
  const [signal] = await newestSignals(rig.db, ['administrator.break-glass-used'], 1)
  assert.deepEqual(signal!.facts, { left: 9 })
  const [counted] = await newestSignals(rig.db, ['sign-in.succeeded'], 1)
  assert.deepEqual(counted!.facts, { method: 'break-glass', audience: 'console' })

  assert.equal((await rig.browser().submit(PAGE, { email: 'ana@acme.test', code: codes[0]! })).status, 400)
  assert.equal((await rig.browser().submit(PAGE, { email: 'ana@acme.test', code: codes[1]! })).status, 200)
})

test('a wrong code, a used one, an unknown address and one who is no administrator get the same answer', async () => {
  await using rig = await openRig()
  await administrator(rig)
  await administrator(rig, 'bea@acme.test')
  await seed(rig, 'user@acme.test')
  const codes = await print(rig)
  const entries = [
    ['ana@acme.test', newCode()],
    ['ana@acme.test', 'nonsense'],
    ['ana@acme.test', ''],
    ['user@acme.test', codes[0]!],
    ['nobody@acme.test', codes[0]!],
    // A code is bound to its person.
    ['bea@acme.test', codes[0]!],
  ]
  const plain = (text: string, email: string) => text.replaceAll(email, '').replace(/nonce-[\w-]+/g, '')
  const seen = new Set<string>()
  for (const [email, code] of entries as [string, string][]) {
    const answer = await rig.browser().submit(PAGE, { email, code })
    assert.equal(answer.status, 400)
    assert.deepEqual(answer.headers.getSetCookie(), [])
    seen.add(plain(answer.text, email))
  }
  assert.equal(seen.size, 1)
  assert.equal((await rig.browser().submit(PAGE, { email: 'ana@acme.test', code: codes[0]! })).status, 200)
})

test('guessing is slowed by network, counted before it is compared, and locks nobody out elsewhere', async () => {
  await using rig = await openRig()
  await administrator(rig)
  const [code] = await print(rig)
  const from = (address: string) => {
    const browser = rig.browser()
    browser.headers['x-forwarded-for'] = address
    return browser.submit(PAGE, { email: 'ana@acme.test', code: newCode() })
  }
  const answers = await Promise.all(Array.from({ length: 30 }, () => from('203.0.113.9')))
  assert.equal(answers.filter(({ status }) => status === 429).length, 10)
  const owner = rig.browser()
  owner.headers['x-forwarded-for'] = '198.51.100.7'
  assert.equal((await owner.submit(PAGE, { email: 'ana@acme.test', code: code! })).status, 200)
})

test('of several who type the same code at the same moment, one gets in', async () => {
  await using rig = await openRig()
  await administrator(rig)
  const [code] = await print(rig)
  const answers = await Promise.all(
    [1, 2, 3].map(() => rig.browser().submit(PAGE, { email: 'ana@acme.test', code: code! })),
  )
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400])
})

test('an app cannot offer this way in: it is on Holdfast’s own origin alone', async () => {
  await using rig = await openRig()
  const browser = rig.browser({ application: 'app_notes', origin: 'https://notes.acme.test', prefix: '/auth' })
  assert.equal((await browser.get(PAGE)).status, 400)
})

test('an administrator prints codes for themselves after a fresh sign-in, and the sheet before is void', async () => {
  await using rig = await openRig()
  await administrator(rig)
  const [first] = await print(rig)
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test', { application: 'console' })
  const make = () => asConsole(browser, '/v1/break-glass-codes', { method: 'POST' })
  const made = await make()
  assert.equal(made.status, 201, made.text)
  const codes = made.body.codes as string[]
  assert.equal(codes.length, 10)
  const { body } = await asConsole(browser, '/v1/break-glass-codes')
  assert.equal((body.sets as { left: number }[])[0]!.left, 10)
  assert.ok(!JSON.stringify(body).includes(codes[0]!))
  assert.equal((await rig.browser().submit(PAGE, { email: 'ana@acme.test', code: first! })).status, 400)

  rig.clock.advance(10 * 60_000 + 1)
  const stale = await make()
  assert.equal(stale.body.code, 'sessions.stale')
  assert.equal((await asConsole(browser, '/v1/break-glass-codes')).status, 200)
})

test('staff are added and removed by whoever may; the last administrator stays, and who goes loses everything at once', async () => {
  await using rig = await openRig()
  const [ana, bea, sam] = [await administrator(rig), await seed(rig, 'bea@acme.test'), await seed(rig, 'sam@acme.test')]
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test', { application: 'console' })
  const send = (method: string, path: string, body?: unknown) =>
    asConsole(browser, path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  assert.equal((await send('DELETE', `/v1/staff/${ana}`)).body.code, 'staff.last_administrator')
  assert.equal((await send('PUT', `/v1/staff/${ana}`, { role: 'support' })).body.code, 'staff.last_administrator')
  assert.equal((await send('PUT', '/v1/staff/usr_none', { role: 'support' })).body.code, 'staff.no_user')
  assert.equal((await send('PUT', `/v1/staff/${sam}`, { role: 'support' })).status, 200)
  assert.equal((await send('PUT', `/v1/staff/${bea}`, { role: 'administrator' })).status, 200)
  const listed = await send('GET', '/v1/staff')
  assert.deepEqual(
    (listed.body.data as { user: { email: string }; role: string }[])
      .map(({ user, role }) => [user.email, role])
      .sort(),
    [
      ['ana@acme.test', 'administrator'],
      ['bea@acme.test', 'administrator'],
      ['sam@acme.test', 'support'],
    ],
  )

  const other = rig.browser()
  await other.signIn(rig, 'bea@acme.test', { application: 'console' })
  const codes = await print(rig, 'bea@acme.test')
  assert.equal((await send('DELETE', `/v1/staff/${bea}`)).status, 204)
  assert.equal((await asConsole(other, '/v1/session')).body.reason, 'revoked')
  assert.equal((await rig.browser().submit(PAGE, { email: 'bea@acme.test', code: codes[0]! })).status, 400)
  assert.equal((await send('DELETE', `/v1/staff/${bea}`)).body.code, 'staff.no_staff')
  rig.clock.advance(11 * 60_000)
  assert.equal((await send('DELETE', `/v1/staff/${sam}`)).body.code, 'sessions.stale')
})

test('an administrator who is blocked, or being deleted, is no other one: the last who can sign in stays', async () => {
  await using rig = await openRig()
  const [ana, bea] = [await administrator(rig), await administrator(rig, 'bea@acme.test')]
  const browser = rig.browser()
  await browser.signIn(rig, 'ana@acme.test', { application: 'console' })
  const send = (method: string, path: string, body?: unknown) =>
    asConsole(browser, path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  const closes = [
    ['PUT', `/v1/users/${bea}/block`, { reason: 'She is away for a year' }],
    ['DELETE', `/v1/users/${bea}`],
  ] as const
  for (const [method, path, body] of closes) {
    const done = await send(method, path, body)
    assert.ok(done.status < 300, done.text)
    assert.equal((await send('DELETE', `/v1/staff/${ana}`)).body.code, 'staff.last_administrator')
    assert.equal((await send('PUT', `/v1/staff/${ana}`, { role: 'support' })).body.code, 'staff.last_administrator')
    await send('DELETE', `/v1/users/${bea}/block`)
  }
  assert.equal((await send('DELETE', `/v1/users/${bea}/deletion`)).status, 200)
  // Both at once, one in one way and one in the other: somebody stays who can sign in.
  const both = await Promise.all([
    send('DELETE', `/v1/staff/${bea}`),
    send('PUT', `/v1/users/${ana}/block`, { reason: 'She asked for it' }),
  ])
  assert.equal(both.filter(({ status }) => status < 300).length, 1, both.map(({ text }) => text).join())
})

test('a code is read as it was meant, however it was typed, and is no guess away from another', () => {
  const code = newCode()
  const plain = code.replaceAll('-', '')
  assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
  for (const typed of [code, code.toLowerCase(), plain, ` ${code.replaceAll('-', ' – ')} `])
    assert.equal(readCode(typed), plain)
  assert.equal(readCode('OIL0-0000-0000-0000'), '0110000000000000')
  for (const typed of ['', plain.slice(1), `${plain}0`, `${plain.slice(1)}U`, 'x'.repeat(5000)]) {
    assert.equal(readCode(typed), undefined, typed.slice(0, 20))
  }
})

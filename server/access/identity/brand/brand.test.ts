import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Brand } from '../../../ground/applications/index.ts'
import { grantAdministrator } from '../../../ground/environment/index.ts'
import { APP_ORIGIN, type IdentityRig, openRig, seed, type TestBrowser } from '../testing.ts'
import { PREVIEW_LIFE_MS, PREVIEW_PAGES } from './previews.ts'

const asConsole = { 'holdfast-audience': 'console' }
const FORWARDED = { application: 'app_notes', origin: APP_ORIGIN, prefix: '/auth' }
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'
const brand: Brand = {
  name: 'Acme Notebook',
  accent: { hue: 264, chroma: 0.12 },
  logo_svg: LOGO,
  support_url: 'mailto:help@acme.test',
  privacy_url: 'https://acme.test/privacy',
  terms_url: null,
}

async function administrator(rig: IdentityRig): Promise<TestBrowser> {
  const id = await seed(rig, 'staff@acme.test')
  await rig.db.transaction((db) => grantAdministrator(db, id, 'test', rig.clock.now()))
  await rig.administrators.reload()
  const browser = rig.browser()
  await browser.signIn(rig, 'staff@acme.test', { application: 'console' })
  return browser
}

const send = (browser: TestBrowser, method: string, path: string, body: unknown) =>
  browser.request(path, {
    method,
    headers: { ...asConsole, accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function brandedRig(): Promise<{ rig: IdentityRig; staff: TestBrowser } & AsyncDisposable> {
  const rig = await openRig()
  const staff = await administrator(rig)
  const answer = await send(staff, 'PATCH', '/v1/applications/app_notes', { brand })
  assert.equal(answer.status, 200, answer.text)
  return { rig, staff, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() }
}

test('an application’s pages and mails bear its name, colour, logo and links, and no others do', async () => {
  await using branded = await brandedRig()
  const { rig } = branded
  const browser = rig.browser(FORWARDED)
  const page = await browser.get('/sign-in')
  assert.match(page.text, /Sign in to Acme Notebook/)
  assert.match(page.text, /<a href="mailto:help@acme\.test">Support<\/a>/)
  assert.match(page.text, /<a href="https:\/\/acme\.test\/privacy">Privacy<\/a>/)
  assert.doesNotMatch(page.text, /Terms of use/)

  const [, style] = /<link rel="stylesheet" href="\/auth(\/assets\/brand\/app_notes\.css\?v=[\w-]+)">/.exec(page.text)!
  const [, logo] = /<img src="\/auth(\/assets\/brand\/app_notes\.svg\?v=[\w-]+)" alt=""/.exec(page.text)!
  const css = await browser.get(style!)
  assert.match(css.headers.get('content-type')!, /^text\/css/)
  assert.equal(css.text, ':root { --brand-hue: 264.0; --brand-chroma: 0.120; }\n')
  const svg = await browser.get(logo!)
  assert.match(svg.headers.get('content-type')!, /^image\/svg\+xml/)
  assert.match(svg.headers.get('content-security-policy')!, /default-src 'none'.*sandbox/)
  assert.equal(svg.text, LOGO)
  for (const file of [css, svg]) assert.match(file.headers.get('cache-control')!, /max-age=31536000, immutable/)

  await browser.submit('/sign-in', { email: 'ana@acme.test' })
  const { message } = await rig.mailTo('ana@acme.test')
  assert.match(message.subject, /is your code for Acme Notebook$/)
  assert.match(message.html, /bgcolor="#[0-9a-f]{6}"/)
  assert.doesNotMatch(message.html, /bgcolor="#12656b"|<img/)
  assert.match(message.text, /Support: help@acme\.test/)

  const ours = await rig.browser().get('/sign-in')
  assert.match(ours.text, /Sign in to Holdfast/)
  assert.doesNotMatch(ours.text, /Acme|assets\/brand/)
})

test('a brand’s file under an old address is kept for a minute only, and an unknown one is not there', async () => {
  await using branded = await brandedRig()
  const browser = branded.rig.browser()
  for (const path of ['/assets/brand/app_notes.css', '/assets/brand/app_notes.svg?v=old']) {
    const file = await browser.get(path)
    assert.equal(file.status, 200)
    assert.equal(file.headers.get('cache-control'), 'public, max-age=60')
  }
  for (const name of ['app_nobody.css', 'app_notes.js', 'app_notes', '..%2fapp_notes.css', 'constructor.svg', '.css']) {
    assert.equal((await browser.get(`/assets/brand/${name}`)).status, 404, name)
  }
})

test('staff see every page and the mail with a brand that is not saved, in both languages', async () => {
  await using branded = await brandedRig()
  const { rig, staff } = branded
  for (const page of PREVIEW_PAGES) {
    for (const language of ['en', 'de']) {
      const tried = { ...brand, name: 'Tried Out' }
      const made = await send(staff, 'POST', '/v1/brand-previews', { brand: tried, name: 'Acme', page, language })
      assert.equal(made.status, 201, made.text)
      const shown = await rig.browser().get(made.body.url as string)
      assert.equal(shown.status, 200, page)
      assert.match(shown.text, new RegExp(`<html lang="${language}">`))
      assert.match(shown.text, /Tried Out/)
    }
  }
})

test('a preview is inert: nothing runs, nothing can be sent, no cookie is set, and only we may frame it', async () => {
  await using branded = await brandedRig()
  const { rig, staff } = branded
  const made = await send(staff, 'POST', '/v1/brand-previews', { brand, name: 'Acme', page: 'sign-in' })
  const browser = rig.browser()
  const shown = await browser.get(made.body.url as string)
  assert.doesNotMatch(shown.text, /<script/)
  assert.match(shown.text, /<body inert>/)
  assert.equal(browser.jar.size, 0)
  const policy = shown.headers.get('content-security-policy')!
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /frame-ancestors 'self'/)
  assert.match(policy, /form-action 'none'/)
  assert.match(policy, /sandbox allow-same-origin$/)
  assert.doesNotMatch(policy, /script|allow-forms|unsafe/)
  assert.equal(shown.headers.get('x-frame-options'), 'SAMEORIGIN')
  assert.equal(shown.headers.get('cache-control'), 'no-store')

  const paths = [...shown.text.matchAll(/(?:href|src)="(\/brand-previews\/[^"]+)"/g)].map((match) => match[1]!)
  assert.equal(paths.length, 2)
  for (const path of paths) assert.equal((await browser.get(path)).status, 200, path)
  const other = await rig.browser().get('/sign-in')
  assert.match(other.headers.get('content-security-policy')!, /frame-ancestors 'none'/)
})

test('a preview needs a ticket of ours, and lasts five minutes', async () => {
  await using branded = await brandedRig()
  const { rig, staff } = branded
  const made = await send(staff, 'POST', '/v1/brand-previews', { brand, name: 'Acme', page: 'sign-in' })
  const url = made.body.url as string
  assert.equal(made.body.expires_at, new Date(rig.clock.now().getTime() + PREVIEW_LIFE_MS).toISOString())
  const forged = [`${url}A`, url.slice(0, -1), `/brand-previews/${'A'.repeat(43)}`, '/brand-previews/__proto__']
  for (const path of [...forged, `${url}/other.css`]) {
    const answer = await rig.browser().get(path)
    assert.equal(answer.status, 404, path)
    assert.doesNotMatch(answer.text, /Acme Notebook/)
  }
  rig.clock.advance(PREVIEW_LIFE_MS)
  assert.equal((await rig.browser().get(url)).status, 404)
  assert.equal((await rig.browser().get(`${url}/brand.css`)).status, 404)
})

test('only staff make a preview, and only of a brand that could be saved', async () => {
  await using branded = await brandedRig()
  const { rig, staff } = branded
  const preview = { brand, name: 'Acme', page: 'sign-in' }
  const stranger = rig.browser()
  assert.equal((await send(stranger, 'POST', '/v1/brand-previews', preview)).status, 401)
  await stranger.signIn(rig, 'bob@acme.test')
  assert.equal((await send(stranger, 'POST', '/v1/brand-previews', preview)).status, 401)

  const hostile = { ...brand, logo_svg: LOGO.replace('<circle', '<script>alert(1)</script><circle') }
  const refused = await send(staff, 'POST', '/v1/brand-previews', { ...preview, brand: hostile })
  assert.deepEqual([refused.status, refused.body.code, refused.body.at], [400, 'identity.bad_brand', 'logo_svg'])
  assert.match(refused.body.detail!, /<script> may not be in a logo/)
  for (const wrong of [{ page: 'admin' }, { brand: { accent: { hue: 1, chroma: 9 } } }, { name: '' }]) {
    assert.equal((await send(staff, 'POST', '/v1/brand-previews', { ...preview, ...wrong })).status, 400)
  }
  const markup = { ...brand, name: '<img src=x onerror=alert(1)>', privacy_url: 'https://acme.test/"><script>' }
  const made = await send(staff, 'POST', '/v1/brand-previews', { ...preview, brand: markup })
  assert.doesNotMatch((await rig.browser().get(made.body.url as string)).text, /<img src=x|<script>/)
})

test('previews have a limit: the oldest makes room', async () => {
  await using branded = await brandedRig()
  const { rig, staff } = branded
  const make = () => send(staff, 'POST', '/v1/brand-previews', { brand: {}, name: 'Acme', page: 'code' })
  const first = (await make()).body.url as string
  for (let count = 0; count < 199; count++) await make()
  assert.equal((await rig.browser().get(first)).status, 200)
  const newest = (await make()).body.url as string
  assert.equal((await rig.browser().get(first)).status, 404)
  assert.equal((await rig.browser().get(newest)).status, 200)
})

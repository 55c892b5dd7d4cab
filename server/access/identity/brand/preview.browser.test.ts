import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { type Browser, chromium } from 'playwright-core'
import { grantAdministrator } from '../../../ground/environment/index.ts'
import { type IdentityRig, openRig, seed } from '../testing.ts'

const CHROMIUM = '/usr/bin/chromium'
const skip = !existsSync(CHROMIUM) && !process.env.CI && `no ${CHROMIUM} (apt-get install chromium)`
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
/** Generous: two cores, with others at work on them. */
const DEADLINE_MS = 30_000
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'

let rig: IdentityRig
let chrome: Browser
let preview: string
before(async () => {
  if (skip) return
  rig = await openRig()
  const id = await seed(rig, 'staff@acme.test')
  await rig.db.transaction((db) => grantAdministrator(db, id, 'test', rig.clock.now()))
  await rig.administrators.reload()
  const staff = rig.browser()
  await staff.signIn(rig, 'staff@acme.test', { application: 'console' })
  const made = await staff.request('/v1/brand-previews', {
    method: 'POST',
    headers: { 'holdfast-audience': 'console', 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      brand: { name: 'Acme', accent: { hue: 264, chroma: 0.12 }, logo_svg: LOGO },
      name: 'Acme',
      page: 'sign-in',
    }),
  })
  preview = made.body.url as string
  chrome = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
})
after(async () => {
  await chrome?.close()
  await rig?.[Symbol.asyncDispose]()
})

/** A page of an origin that frames the preview, as the console does. */
async function framedBy(origin: string) {
  const page = await chrome.newPage()
  page.setDefaultTimeout(DEADLINE_MS)
  await page.route('**/framing', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${rig.url}${preview}" title="preview"></iframe>` }),
  )
  await page.goto(`${origin}/framing`)
  return { page, frame: page.frames()[1]!, [Symbol.asyncDispose]: () => page.close() }
}

test('the console can frame a preview: it has its style and its logo, and does nothing', { skip }, async () => {
  await using framed = await framedBy(rig.url)
  const { frame } = framed
  await frame.waitForSelector('h1')
  assert.equal(
    await frame.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--brand-hue')"),
    '264.0',
  )
  await frame.waitForFunction("document.querySelector('.brand img').naturalWidth > 0")
  const address = frame.url()
  // As a script of somebody else's would press it: `inert` stops people, the sandbox stops the form.
  await frame.evaluate("document.querySelector('form button').click()")
  assert.equal(await frame.evaluate('document.cookie'), '')
  assert.equal(frame.url(), address)
})

test('another site cannot frame a preview', { skip }, async () => {
  await using framed = await framedBy(rig.url.replace('127.0.0.1', 'localhost'))
  assert.match(framed.frame.url(), /^chrome-error:/)
})

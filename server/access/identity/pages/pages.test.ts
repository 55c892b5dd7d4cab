import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsFor } from '../words/words.ts'
import { brandStyle, codePage, type Page, signInPage, unavailablePage } from './index.ts'
import { gallery } from './testing.ts'

const page: Page = {
  words: wordsFor('en'),
  brand: { name: 'Acme Notes' },
  link: (path) => path,
  now: new Date('2026-11-21T10:42:30Z'),
}

test('every page has one h1, a language, a title that begins with what it is, and no inline script or style', () => {
  for (const [name, written] of Object.entries(gallery())) {
    assert.equal(written.match(/<h1>/g)?.length, 1, name)
    assert.match(written, /^<!doctype html>\n<html lang="en">/, name)
    assert.match(written, /<title>[^<]+<\/title>/, name)
    assert.doesNotMatch(
      written,
      /\sstyle=|<style|\son\w+=|<script(?! type="module" src="\/assets\/hosted\.js"><\/script>)/,
      name,
    )
    assert.doesNotMatch(written, /undefined|null|NaN|\[object/, name)
  }
})

test('every label belongs to an input, and every id stands once', () => {
  for (const [name, written] of Object.entries(gallery())) {
    const ids = [...written.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
    assert.equal(new Set(ids).size, ids.length, `${name}: ${ids}`)
    for (const [, id] of written.matchAll(/(?:for|aria-describedby|aria-labelledby)="([^"]+)"/g)) {
      for (const one of id!.split(' ')) assert.ok(ids.includes(one), `${name} points at ${one}`)
    }
  }
})

test("no text of somebody else's becomes markup on any page, and no URL of theirs runs", () => {
  const text = `"><script>alert(1)</script><img src=x onerror=alert(1)>' autofocus x='`
  for (const [name, written] of Object.entries(gallery({ text, url: 'javascript:alert(1)' }))) {
    assert.doesNotMatch(written, /<script>|<img src=x/, name)
    assert.doesNotMatch(written, /(href|src|action)="javascript:/, name)
  }
})

test('an error is announced, described at its field and told in the title', () => {
  const written = signInPage(page, { form: { path: '/sign-in' }, email: 'ana', error: 'invalid' })
  assert.match(written, /<title>Error: /)
  assert.match(written, /id="email-error" role="alert"/)
  assert.match(written, /<input [^>]*aria-describedby="email-error" aria-invalid="true"/)
  assert.match(written, /value="ana"/)
})

test('the code field can be filled in by the telephone, and says how many attempts are left', () => {
  const props = {
    email: 'ana@acme.test',
    form: { path: '/sign-in/code' },
    resend: { path: '/sign-in', from: null },
    anotherPath: '/sign-in',
  }
  const wrong = codePage(page, { ...props, expiresAt: page.now, error: 'wrong', attemptsLeft: 1 })
  assert.match(wrong, /autocomplete="one-time-code"/)
  assert.match(wrong, /inputmode="numeric"/)
  assert.match(wrong, /One attempt is left\./)

  const spent = codePage(page, { ...props, expiresAt: page.now, error: 'spent' })
  assert.doesNotMatch(spent, /one-time-code/)
  assert.match(spent, /Send a new code/)
})

test('behind an app every address of ours gets its prefix', () => {
  const forwarded = { ...page, link: (path: string) => `/auth${path}` }
  const written = signInPage(forwarded, { form: { path: '/sign-in', hidden: { return_to: '/' } } })
  for (const [, address] of written.matchAll(/(?:href|src|action)="([^"]*)"/g)) assert.match(address!, /^\/auth\//)
})

test('the page of an outage keeps what was typed, and tries again with and without script', () => {
  const written = unavailablePage(page, {
    task: 'sign_in',
    cause: 'database',
    since: new Date('2026-11-21T10:40:00Z'),
    retrySeconds: 3,
    retry: { form: { path: '/sign-in', hidden: { email: 'ana@acme.test' } }, path: '/sign-in?application=app_demo' },
  })
  assert.match(
    written,
    /<noscript><meta http-equiv="refresh" content="3;url=\/sign-in\?application=app_demo"><\/noscript>/,
  )
  assert.match(written, /<input type="hidden" name="email" value="ana@acme.test">/)
  assert.match(written, /data-retry="3"/)
  assert.match(written, /has not answered since <time datetime="2026-11-21T10:40:00.000Z"/)
  assert.match(written, /Nobody is signed out/)
})

test('times are told in the zone of the profile, and in UTC without one or with one that is none', () => {
  assert.match(gallery({ zone: 'Asia/Kathmandu' }).code!, />16:32<\/time>/)
  assert.match(gallery().code!, />10:47 UTC<\/time>/)
  assert.match(gallery({ zone: 'Mars/Olympus' }).code!, />10:47 UTC<\/time>/)
})

test('a brand sets its hue and nothing else', () => {
  assert.equal(brandStyle({ hue: 380, chroma: 9 }), ':root { --brand-hue: 20.0; --brand-chroma: 0.150; }\n')
  assert.equal(
    brandStyle({ hue: Number.NaN, chroma: Number.NaN }),
    ':root { --brand-hue: 0.0; --brand-chroma: 0.000; }\n',
  )
})

test('a language that is not there is told in English, whatever its name', () => {
  for (const locale of ['de-AT', 'constructor', '__proto__', '', null]) assert.equal(wordsFor(locale).language, 'en')
})

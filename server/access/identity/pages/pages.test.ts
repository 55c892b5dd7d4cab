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

/** Every page in every language. */
const everyPage = ['en', 'de'].flatMap((language) =>
  Object.entries(gallery({ language })).map(([name, written]) => [`${name}, ${language}`, written] as const),
)

test('every page has one h1, a language, a title that begins with what it is, and no inline script or style', () => {
  for (const [name, written] of everyPage) {
    assert.equal(written.match(/<h1>/g)?.length, 1, name)
    assert.match(written, /^<!doctype html>\n<html lang="(en|de)">/, name)
    assert.match(written, /<title>[^<]+<\/title>/, name)
    assert.doesNotMatch(
      written,
      /\sstyle=|<style|\son\w+=|<script(?! type="module" src="\/assets\/(hosted|passkeys)\.js"><\/script>)/,
      name,
    )
    assert.doesNotMatch(written, /undefined|null|NaN|\[object/, name)
  }
})

test('every label belongs to an input, and every id stands once', () => {
  for (const [name, written] of everyPage) {
    const ids = [...written.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1])
    assert.equal(new Set(ids).size, ids.length, `${name}: ${ids}`)
    for (const [, id] of written.matchAll(/(?:for|aria-describedby|aria-labelledby)="([^"]+)"/g)) {
      for (const one of id!.split(' ')) assert.ok(ids.includes(one), `${name} points at ${one}`)
    }
  }
})

test("no text of somebody else's becomes markup on any page, and no URL of theirs runs", () => {
  const text = `"><script>alert(1)</script><img src=x onerror=alert(1)>' autofocus x='`
  for (const language of ['en', 'de']) {
    for (const [name, written] of Object.entries(gallery({ text, url: 'javascript:alert(1)', language }))) {
      assert.doesNotMatch(written, /<script>|<img src=x/, name)
      assert.doesNotMatch(written, /(href|src|action)="javascript:/, name)
    }
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

/** Common, and no German word is written like them. Names, addresses and what is between tags are no text. */
const ENGLISH =
  /\b(the|and|or|of|to|is|are|were|not|you|your|this|that|with|it|sign|signed|account|session|sessions|(?<!-\u2060?)mail|ago|until|since|works?|send|open|has|have|no|by|for|from|on|please|error|again|page|unknown|language|terms|privacy|yesterday)\b/i

/** What people read and hear: text, and the attributes that are told. */
function wordsOn(page: string): string {
  const told = [...page.matchAll(/\s(?:aria-label|data-countdown|data-copied|alt|placeholder)="([^"]*)"/g)].map(
    (match) => match[1],
  )
  const text = page
    .replace(/<(script|style|select)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+lang="en"[^>]*>[^<]*/g, ' ')
    .replace(/<code[^>]*>[^<]*<\/code>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
  return [text, ...told].join(' ').replace(/[\w.-]+@[\w.-]+|\bhttps?:\S*/g, ' ')
}

/** It is saved and printed, in the language in which it was made. */
const isKept = (name: string) => name === 'account-export-page'
const isForDevelopers = (name: string) => name.startsWith('mail')

test('no English word is left on a German page, and none is without a language switch', () => {
  for (const [name, written] of Object.entries(gallery({ language: 'de-AT' }))) {
    if (isForDevelopers(name)) continue
    assert.match(written, /^<!doctype html>\n<html lang="de">/, name)
    assert.doesNotMatch(wordsOn(written), ENGLISH, name)
    if (isKept(name)) continue
    assert.match(
      written,
      /<a href="\/sign-in\?application=app_demo&amp;lang=en" lang="en" hreflang="en">English<\/a>/,
      name,
    )
  }
})

test('a German page says as much as the English one: the same elements', () => {
  /** Sorted, because the order within a sentence is the language's own. */
  const elements = (page: string) =>
    [...page.replace(/<footer>[\s\S]*/, '').matchAll(/<([a-z0-9]+)/g)].map((match) => match[1]).sort()
  const english = gallery()
  for (const [name, written] of Object.entries(gallery({ language: 'de' }))) {
    if (name.startsWith('account') || isForDevelopers(name)) continue
    assert.deepEqual(elements(written), elements(english[name]!), name)
  }
})

test('a brand has its logo, its style and its links on every page, and nothing of it becomes markup', () => {
  const brand = {
    logoPath: '/assets/brand/app_a.svg?v=1',
    stylePath: '/assets/brand/app_a.css?v=2',
    supportUrl: 'mailto:help@acme.test',
    privacyUrl: 'javascript:alert(1)',
    termsUrl: 'https://acme.test/terms?"><script>',
  }
  for (const [name, written] of Object.entries(gallery({ brand }))) {
    assert.match(written, /<link rel="stylesheet" href="\/assets\/brand\/app_a\.css\?v=2">/, name)
    assert.match(written, /<img src="\/assets\/brand\/app_a\.svg\?v=1" alt=""/, name)
    assert.match(written, /<a href="mailto:help@acme\.test">Support<\/a>/, name)
    assert.doesNotMatch(written, /<script>|"javascript:/, name)
  }
})

test('a preview has no script and cannot be pressed', () => {
  const written = signInPage({ ...page, isInert: true }, { form: { path: '/sign-in' } })
  assert.match(written, /<body inert>/)
  assert.doesNotMatch(written, /<script/)
})

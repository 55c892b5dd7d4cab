import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsFor } from '../words/words.ts'
import { type Letter, newDeviceMail, signInMail } from './index.ts'
import { mailGallery } from './testing.ts'

const letter: Letter = { words: wordsFor('en'), brand: { name: 'Acme Notes' } }
const props = {
  code: '482913',
  linkUrl: 'https://id.acme.test/sign-in/link/abc',
  requestedAt: new Date('2026-11-21T10:42:00Z'),
  expiresAt: new Date('2026-11-21T10:47:00Z'),
  device: 'Chrome on Windows',
}

test('the sign-in mail says the code in its subject, and in both bodies code, link, expiry, and who asked', () => {
  const mail = signInMail(letter, props)
  assert.equal(mail.subject, '482 913 is your code for Acme Notes')
  assert.match(mail.text, /482 913/)
  assert.match(mail.html, />482913</)
  for (const body of [mail.text, mail.html]) {
    assert.match(body, /https:\/\/id\.acme\.test\/sign-in\/link\/abc/)
    assert.match(body, /until 21 Nov 2026, 10:47 \(UTC\): 5 min from the request/)
    assert.match(body, /Asked for in Chrome on Windows at 21 Nov 2026, 10:42 \(UTC\)/)
    assert.match(body, /If this was not you, do nothing/)
  }
})

test('every mail is told apart in a list: its own subject, then its first sentence, in both bodies', () => {
  for (const words of [wordsFor('en'), wordsFor('de')]) {
    const mails = mailGallery({ ...letter, words })
    for (const [name, { subject, text, html }] of Object.entries(mails)) {
      assert.ok(subject.length <= 70, `${name}: ${subject}`)
      const shown = html.match(/<div style="display:none[^>]*>([^<]+)<\/div>/)![1]!
      assert.ok(text.includes(shown), `${name}: ${shown}`)
      // Whoever reads the text alone is told what each address is for.
      for (const [, url] of html.matchAll(/<a href="([^"]+)" style="display/g))
        assert.match(text, new RegExp(`:\n+${RegExp.escape(url!)}`), name)
    }
    assert.equal(new Set(Object.values(mails).map(({ subject }) => subject)).size, Object.keys(mails).length)
  }
})

test('where only the link is accepted, the mail has no code', () => {
  const mail = signInMail(letter, { ...props, code: null })
  assert.equal(mail.subject, 'Your link to sign in to Acme Notes')
  assert.doesNotMatch(mail.text + mail.html, /\bcode\b(?! or the link| *\.)/i)
})

test('times are told in the zone of the profile', () => {
  assert.match(
    signInMail({ ...letter, zone: 'Europe/Vienna' }, props).text,
    /until 21 Nov 2026, 11:47 \(Europe\/Vienna\)/,
  )
})

test('a header that names the device cannot put a message or a link into our mail', () => {
  const device = 'Chrome <b>you won</b>\r\nBcc: x@evil.test https://evil.test/win www.evil.test'
  for (const mail of [
    signInMail(letter, { ...props, device }),
    newDeviceMail(letter, {
      email: 'ana@acme.test',
      device,
      address: null,
      signedInAt: props.requestedAt,
      accountUrl: 'https://id.acme.test/account',
    }),
  ]) {
    assert.doesNotMatch(mail.text + mail.html, /evil\.test|<b>|Bcc:|@evil/)
  }
})

test('a brand with a line break in its name stays in its header', () => {
  const mail = signInMail({ ...letter, brand: { name: 'Acme\r\nBcc: eve@evil.test' } }, props)
  assert.doesNotMatch(mail.subject, /[\r\n]/)
})

const everyMail = (to: Letter) => Object.values(mailGallery(to))

test('a German mail is German from its subject to its last line', () => {
  const english = /\b(the|and|or|is|was|not|you|your|this|that|with|sign|code for|type|open|until|asked|new|see)\b/i
  for (const { subject, text, html } of everyMail({ ...letter, words: wordsFor('de') })) {
    const told = `${subject}\n${text}`.replace(/https?:\S+|\S+@\S+/g, '')
    assert.doesNotMatch(told, english)
    assert.match(html, /<html lang="de">/)
    assert.doesNotMatch(html.replace(/<[^>]+>/g, ' ').replace(/https?:\S+|\S+@\S+/g, ''), english)
  }
  const [first] = everyMail({ ...letter, words: wordsFor('de'), zone: 'Europe/Vienna' })
  assert.equal(first!.subject, '482 913 ist Ihr Code für Acme Notes')
  assert.match(first!.text, /bis 21\. Nov\. 2026, 11:47 \(Europe\/Vienna\): 5\u00a0Minuten ab der Anforderung/)
  assert.match(first!.text, /Angefordert in Chrome unter Windows/)
})

test('a mail bears the colour and the links of the brand, and still loads nothing', () => {
  const brand = {
    name: 'Acme Notes',
    colour: '#2b4acb',
    supportUrl: 'mailto:help@acme.test',
    privacyUrl: 'https://acme.test/privacy',
    termsUrl: null,
  }
  for (const { text, html } of everyMail({ ...letter, brand })) {
    assert.match(html, /bgcolor="#2b4acb"/)
    assert.match(html, /<a href="https:\/\/acme\.test\/privacy"[^>]*>Privacy<\/a>/)
    assert.match(text, /\n-- \nAcme Notes\nSupport: help@acme\.test\nPrivacy: https:\/\/acme\.test\/privacy\n$/)
    assert.doesNotMatch(html, /<img|<link|<script|url\(/)
  }
  for (const colour of ['red', '#fff', '"><script>', null]) {
    for (const { html } of everyMail({ ...letter, brand: { name: 'Acme', colour } }))
      assert.match(html, /bgcolor="#12656b"/)
  }
})

test('nothing in a mail is loaded from anywhere, and hostile text stays text', () => {
  const hostile = '<img src=x onerror=alert(1)>'
  const url = 'javascript:alert(1)'
  const mails = Object.values(mailGallery({ ...letter, brand: { name: hostile } }, { text: hostile, url }))
  for (const mail of mails) assert.doesNotMatch(mail.html, /<img|<link|<script|url\(|href="javascript/)
})

test('the new-device mail names browser, time and address, and the way to end the session', () => {
  const mail = newDeviceMail(letter, {
    email: 'ana@acme.test',
    device: 'Firefox on Linux',
    address: '198.51.100.7',
    signedInAt: props.requestedAt,
    accountUrl: 'https://id.acme.test/account',
  })
  assert.equal(mail.subject, 'New sign-in to Acme Notes')
  for (const body of [mail.text, mail.html]) {
    for (const fact of [
      'Firefox on Linux',
      '198.51.100.7',
      '21 Nov 2026, 10:42 (UTC)',
      'https://id.acme.test/account',
    ]) {
      assert.ok(body.includes(fact), fact)
    }
  }
})

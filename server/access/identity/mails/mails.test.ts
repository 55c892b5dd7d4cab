import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsFor } from '../words/words.ts'
import { firstAdministratorMail, type Letter, newDeviceMail, signInMail } from './index.ts'

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

test('nothing in a mail is loaded from anywhere, and hostile text stays text', () => {
  const hostile = '<img src=x onerror=alert(1)>'
  const mails = [
    signInMail({ ...letter, brand: { name: hostile } }, props),
    newDeviceMail(letter, {
      email: hostile,
      device: hostile,
      address: hostile,
      signedInAt: props.requestedAt,
      accountUrl: 'javascript:alert(1)',
    }),
    firstAdministratorMail(letter, {
      email: hostile,
      environment: hostile,
      device: hostile,
      enrolledAt: props.requestedAt,
      consoleUrl: 'https://id.acme.test/console',
    }),
  ]
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

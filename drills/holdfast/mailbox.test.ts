import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openMailbox } from './mailbox.ts'

const never = new AbortController().signal
const head = (to: string, subject: string) =>
  `Message-ID: <654321@host>\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: today\r\n\r\nYour code is not 999999.\r\n`

test('a code is found by its person in the subject, however the subject is written, and told once', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'drill-mail-'))
  t.after(() => rm(folder, { recursive: true }))
  const mails = {
    '1.eml': head('ana@drill.test', '111 111 is your code for Fieldnotes'),
    '2.eml': head('Bo <bo@drill.test>', '=?utf-8?Q?222222_is_your_code_=C2=B7_Acme?='),
    '3.eml': head('"C" <c@drill.test>', `=?UTF-8?B?${Buffer.from('Code 333333 · Acme').toString('base64')}?=`),
    '4.eml': head('ana@drill.test', 'New sign-in to your account'),
    '5.txt': head('ana@drill.test', '555555 is no mail'),
  }
  for (const [name, text] of Object.entries(mails)) await writeFile(join(folder, name), text)
  const mailbox = openMailbox(folder)
  assert.equal(await mailbox.codeFor('ana@drill.test', 1000, never), '111111')
  assert.equal(await mailbox.codeFor('bo@drill.test', 1000, never), '222222')
  assert.equal(await mailbox.codeFor('c@drill.test', 1000, never), '333333')
  assert.equal(await mailbox.codeFor('ana@drill.test', 60, never), null)

  await writeFile(join(folder, '6.eml'), head('ana@drill.test', '666666 is your code'))
  assert.equal(await mailbox.codeFor('ana@drill.test', 1000, never), '666666')

  await writeFile(join(folder, '7.eml'), head('ana@drill.test', '777777 is your code'))
  await mailbox.forget('ana@drill.test')
  assert.equal(await mailbox.codeFor('ana@drill.test', 60, never), null)
})

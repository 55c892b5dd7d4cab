import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeTestFolder, removeTestFolder } from '../../platform/testing/index.ts'
import { openRig } from './testing.ts'

const ID = 'mail_0123456789abcdefghjkmnpqrs'

test('development mail is shown to the developer’s own browser, and to nobody through anything', async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  await mkdir(join(folder, 'mail'))
  await writeFile(
    join(folder, 'mail', `${ID}.eml`),
    'From: a@acme.test\r\nTo: ana@acme.test\r\nSubject: 482 913 is your code\r\nDate: Sat, 21 Nov 2026 08:00:00 +0000\r\n\r\n482 913 <b>\r\n',
  )
  await using rig = await openRig({ mailFolder: join(folder, 'mail') })
  const browser = rig.browser()
  const list = await browser.get('/dev/mail.json')
  assert.deepEqual(
    (list.body.data as { code: string }[]).map((mail) => mail.code),
    ['482913'],
  )
  assert.match((await browser.get('/dev/mail')).text, /482 913 is your code/)
  for (const path of [`/dev/mail?id=${ID}`, `/dev/mail/${ID}`])
    assert.match((await browser.get(path)).text, /&lt;b&gt;/)
  assert.equal((await browser.get('/dev/mail/..%2f..%2fsecret.key')).status, 404)

  for (const name of ['x-forwarded-for', 'forwarded', 'x-forwarded-host', 'via', 'x-real-ip', 'cf-connecting-ip']) {
    browser.headers[name] = '127.0.0.1'
    for (const path of ['/dev/mail', '/dev/mail.json', `/dev/mail/${ID}`]) {
      assert.equal((await browser.get(path)).status, 404, `${name} ${path}`)
    }
    delete browser.headers[name]
  }
  for (const host of [
    'evil.test',
    'localhost.evil.test',
    '10.0.0.1:4000',
    'localhost@evil.test',
    'localhost:4000 evil.test',
    'evil.test#localhost',
  ]) {
    assert.equal(await statusWithHost(rig.url, host), 404, host)
  }
  assert.equal(await statusWithHost(rig.url, 'localhost:4000'), 200)
})

test('there is no development mail where mail really goes out', async () => {
  await using rig = await openRig({ mailFolder: null })
  for (const path of ['/dev/mail', '/dev/mail.json', '/dev/mail/x'])
    assert.equal((await rig.browser().get(path)).status, 404)
})

/** fetch would write the Host header itself. */
function statusWithHost(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(`${url}/dev/mail.json`, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

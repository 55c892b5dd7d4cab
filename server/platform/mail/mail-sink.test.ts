import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { silentLog } from '../log.ts'
import { MAILS_KEPT, startMailSink } from './mail-sink.ts'
import { readMail, readMailbox } from './mailbox.ts'
import { openTransport } from './transport.ts'

const DEADLINE_MS = 20_000
const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-sink-'))
  folders.push(folder)
  return join(folder, 'mail')
}

const mail = {
  id: 'msg_01k',
  from: { name: 'Acme Notes', address: 'no-reply@acme.test' },
  to: 'ana@acme.test',
  subject: '482 913 is your code for Acme Notes',
  text: 'Type 482 913',
  html: '<p>482913</p>',
  date: new Date('2026-11-21T10:42:00Z'),
}

test('a mail of the sink is read back, newest first, with its code', async () => {
  const folder = await newFolder()
  const sink = await startMailSink({ port: 0, host: '127.0.0.1', folder, log: silentLog })
  const transport = openTransport(`smtp://127.0.0.1:${sink.port}`)
  await transport.send(mail, { deadlineMs: DEADLINE_MS })
  await transport.send(
    { ...mail, to: 'bob@acme.test', subject: 'New sign-in to Acme Notes' },
    { deadlineMs: DEADLINE_MS },
  )
  await sink.close()

  const [newest, oldest, ...others] = await readMailbox(folder)
  assert.equal(others.length, 0)
  assert.deepEqual([newest!.to, newest!.code], ['bob@acme.test', undefined])
  assert.deepEqual(
    [oldest!.to, oldest!.code, oldest!.from],
    ['ana@acme.test', '482913', 'Acme Notes <no-reply@acme.test>'],
  )
  assert.deepEqual(oldest!.date, mail.date)
  assert.deepEqual(await readMail(folder, oldest!.id), oldest)
  assert.equal((await stat(join(folder, `${oldest!.id}.eml`))).mode & 0o777, 0o600)
})

test('the newest 200 mails are kept, and strange files are left alone', async () => {
  const folder = await newFolder()
  const sink = await startMailSink({ port: 0, host: '127.0.0.1', folder, log: silentLog })
  const transport = openTransport(`smtp://127.0.0.1:${sink.port}`)
  await transport.send(mail, { deadlineMs: DEADLINE_MS })
  const old = Array.from({ length: MAILS_KEPT }, (_, index) => `mail_0000000000${String(index).padStart(16, '0')}`)
  for (const id of old) await writeFile(join(folder, `${id}.eml`), 'Subject: old\r\n\r\n')
  await writeFile(join(folder, 'notes.txt'), 'mine')
  await transport.send(mail, { deadlineMs: DEADLINE_MS })
  await sink.close()

  const names = await readdir(folder)
  assert.equal(names.filter((name) => name.endsWith('.eml')).length, MAILS_KEPT)
  assert.ok(names.includes('notes.txt'))
  assert.ok(!names.includes(`${old[0]}.eml`) && !names.includes(`${old[1]}.eml`) && names.includes(`${old[2]}.eml`))
})

test('a mail over 1 MiB is refused and not written', async () => {
  const folder = await newFolder()
  const sink = await startMailSink({ port: 0, host: '127.0.0.1', folder, log: silentLog })
  const transport = openTransport(`smtp://127.0.0.1:${sink.port}`)
  const result = await transport.send({ ...mail, text: 'x'.repeat(1_100_000) }, { deadlineMs: DEADLINE_MS })
  await sink.close()
  assert.equal(result.outcome, 'failed')
  assert.deepEqual(await readMailbox(folder), [])
})

test('no name from a URL opens anything but a mail of the sink', async () => {
  const folder = await newFolder()
  for (const id of [
    '../secret',
    '..%2f',
    '',
    'mail_',
    'mail_0000000000000000000000000/x',
    `mail_${'0'.repeat(26)}\0`,
  ]) {
    assert.equal(await readMail(folder, id), undefined)
  }
})

test('a sink listens on loopback only, and a taken port is told', async () => {
  const folder = await newFolder()
  const options = { port: 0, folder, log: silentLog }
  await assert.rejects(startMailSink({ ...options, host: '0.0.0.0' }), /loopback/)
  const sink = await startMailSink({ ...options, host: '127.0.0.1' })
  await assert.rejects(startMailSink({ ...options, host: '127.0.0.1', port: sink.port }), { code: 'EADDRINUSE' })
  await sink.close()
})

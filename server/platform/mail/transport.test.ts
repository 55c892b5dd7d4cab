import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { type MailboxBehaviour, startMailbox } from '../../../doubles/index.ts'
import type { OutgoingMail } from './compose.ts'
import { readSmtpUrl } from './smtp-address.ts'
import { openTransport } from './transport.ts'

/** Long enough that a busy machine does not decide the outcome. */
const DEADLINE_MS = 20_000
const mail: OutgoingMail = {
  id: 'msg_01k',
  from: { name: 'Acme Notes', address: 'no-reply@acme.test' },
  to: 'ana@acme.test',
  subject: '482 913 is your code for Acme Notes',
  text: 'Type 482 913',
  html: '<p>482913</p>',
  date: new Date('2026-11-21T10:42:00Z'),
}

test('a mail arrives with both bodies, and the same Message-ID whenever it is sent', async () => {
  await using mailbox = await startMailbox()
  const transport = openTransport(mailbox.url)
  assert.equal((await transport.send(mail, { deadlineMs: DEADLINE_MS })).outcome, 'ok')
  assert.equal((await transport.send(mail, { deadlineMs: DEADLINE_MS })).outcome, 'ok')

  const [first, second] = mailbox.mails()
  assert.equal(first!.messageId, '<msg_01k@acme.test>')
  assert.equal(second!.messageId, first!.messageId)
  assert.equal(first!.subject, mail.subject)
  assert.equal(first!.text.trim(), mail.text)
  assert.equal(first!.html.trim(), mail.html)
  assert.match(first!.raw, /^Auto-Submitted: auto-generated/m)
})

test('what a server says decides between failed for now and failed for good', async () => {
  const check = async (behaviour: MailboxBehaviour, expected: object) => {
    await using mailbox = await startMailbox({ behaviour })
    const result = await openTransport(mailbox.url).send(mail, { deadlineMs: DEADLINE_MS })
    assert.deepEqual(result, { outcome: 'failed', ...expected }, behaviour)
  }
  await check('refuse-4xx', { permanent: false, code: 'smtp_451', stage: 'mail' })
  await check('refuse-5xx', { permanent: true, code: 'smtp_550', stage: 'mail' })
  await check('refuse-policy', { permanent: false, code: 'smtp_550', stage: 'mail' })
  await check('drop', { permanent: false, code: 'connection_closed', stage: 'connect' })
})

test('a server that hangs before its greeting is left at the deadline, and its socket with it', async () => {
  await using mailbox = await startMailbox({ behaviour: 'hang-greeting' })
  const result = await openTransport(mailbox.url).send(mail, { deadlineMs: 100 })
  assert.deepEqual(result, { outcome: 'failed', permanent: false, code: 'timeout', stage: 'connect' })
})

test('when all of the mail went out and no answer came, nothing is claimed', async () => {
  await using mailbox = await startMailbox({ behaviour: 'drop-data' })
  const transport = openTransport(mailbox.url)
  assert.deepEqual(await transport.send(mail, { deadlineMs: DEADLINE_MS }), { outcome: 'unknown' })

  mailbox.behaviour = 'hang-data'
  const given = new AbortController()
  const sending = transport.send({ ...mail, to: 'bob@acme.test' }, { deadlineMs: DEADLINE_MS, signal: given.signal })
  await mailbox.next('bob@acme.test', DEADLINE_MS)
  given.abort()
  assert.deepEqual(await sending, { outcome: 'unknown' })
})

test('a send that is given up before its mail went out has failed, not become unknown', async () => {
  await using mailbox = await startMailbox({ behaviour: 'hang-greeting' })
  const signal = AbortSignal.abort()
  const result = await openTransport(mailbox.url).send(mail, { deadlineMs: DEADLINE_MS, signal })
  assert.deepEqual(result, { outcome: 'failed', permanent: false, code: 'aborted', stage: 'connect' })
})

test('a closed port is told at once', async () => {
  const { port, close } = await startMailbox()
  await close()
  const result = await openTransport(`smtp://127.0.0.1:${port}`).send(mail, { deadlineMs: DEADLINE_MS })
  assert.deepEqual(result, { outcome: 'failed', permanent: false, code: 'connection_refused', stage: 'connect' })
})

test('a password is never told to a server without TLS, where TLS is required', async () => {
  const heard: Buffer[] = []
  const server = createServer((socket) => {
    socket.on('data', (bytes) => {
      heard.push(bytes as Buffer)
      socket.write(String(bytes).startsWith('EHLO') ? '250-here\r\n250 AUTH PLAIN LOGIN\r\n' : '500 what\r\n')
    })
    socket.on('error', () => {})
    socket.write('220 here ESMTP\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const transport = openTransport(`smtp://ana:the-password@127.0.0.1:${port}?tls=required`)
  const result = await transport.send(mail, { deadlineMs: DEADLINE_MS })
  server.close()

  assert.equal(result.outcome, 'failed')
  const said = Buffer.concat(heard).toString()
  assert.ok(!said.includes('AUTH') && !said.includes('the-password') && !said.includes('482'), said)
})

test('no header and no second receiver can be smuggled in', async () => {
  await using mailbox = await startMailbox()
  const transport = openTransport(mailbox.url)
  for (const to of [
    'ana@acme.test\r\nBcc: eve@evil.test',
    'a@acme.test,eve@evil.test',
    'a@acme.test>, <eve@evil.test',
    'a b@acme.test',
    '',
    'ana',
  ]) {
    const result = await transport.send({ ...mail, to }, { deadlineMs: DEADLINE_MS })
    assert.deepEqual(result, { outcome: 'failed', permanent: true, code: 'invalid_address', stage: 'connect' }, to)
  }
  const subject = 'Your code\r\nBcc: eve@evil.test\r\n\r\nHello'
  const from = { name: 'Acme"\r\nX-Evil: 1', address: 'no-reply@acme.test' }
  assert.equal((await transport.send({ ...mail, subject, from }, { deadlineMs: DEADLINE_MS })).outcome, 'ok')
  const [only, ...others] = mailbox.mails()
  assert.equal(others.length, 0)
  assert.doesNotMatch(only!.raw, /^(Bcc|X-Evil):/im)
})

test('a probe proves the way without a mail', async () => {
  await using mailbox = await startMailbox()
  const transport = openTransport(mailbox.url)
  assert.deepEqual(await transport.probe({ deadlineMs: DEADLINE_MS }), { outcome: 'ok' })
  mailbox.behaviour = 'drop'
  assert.deepEqual(await transport.probe({ deadlineMs: DEADLINE_MS }), { outcome: 'failed', code: 'connection_closed' })
  assert.equal(mailbox.mails().length, 0)
})

test('an SMTP URL is read whole, and a wrong one is refused without being repeated', () => {
  assert.deepEqual(readSmtpUrl('smtp://127.0.0.1:4025'), {
    host: '127.0.0.1',
    port: 4025,
    tls: 'optional',
    login: null,
  })
  assert.deepEqual(readSmtpUrl('smtps://a%40b:p%3Aw@mail.acme.test'), {
    host: 'mail.acme.test',
    port: 465,
    tls: 'always',
    login: { user: 'a@b', password: 'p:w' },
  })
  assert.equal(readSmtpUrl('smtp://a:b@mail.acme.test').tls, 'required')
  assert.equal(readSmtpUrl('smtp://a:b@mail.acme.test?tls=optional').tls, 'optional')
  assert.equal(readSmtpUrl('smtp://[::1]:25').host, '::1')
  for (const url of [
    '',
    'mail.acme.test',
    'http://a:the-password@x',
    'smtp://a:the-password@x?tls=maybe',
    'smtp://a:the-password@x?pool=1',
  ]) {
    assert.throws(
      () => readSmtpUrl(url),
      (error: Error) => error instanceof TypeError && !error.message.includes('the-password'),
    )
  }
})

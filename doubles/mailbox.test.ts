import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { createTransport } from 'nodemailer'
import { startMailbox } from './index.ts'

const DEADLINE_MS = 10_000
const mail = {
  from: 'no-reply@acme.test',
  subject: '482 913 is your code',
  text: 'Open https://acme.test/link/abc now',
}

test('a mail is handed out once to whoever waits for its address, in the order of arrival', async () => {
  await using mailbox = await startMailbox()
  const client = createTransport(mailbox.url)
  const waiting = mailbox.next('ana@acme.test', DEADLINE_MS)
  await client.sendMail({ ...mail, to: 'bob@acme.test' })
  await client.sendMail({ ...mail, to: 'ana@acme.test' })
  await client.sendMail({ ...mail, to: 'ana@acme.test', subject: '111 222 is the second' })

  const first = await waiting
  assert.equal(first.code, '482913')
  assert.deepEqual(first.links, ['https://acme.test/link/abc'])
  assert.equal((await mailbox.next('ana@acme.test', DEADLINE_MS)).code, '111222')
  await assert.rejects(mailbox.next('ana@acme.test', 20), /no mail to ana@acme\.test within 20 ms/)
  assert.equal(mailbox.mails().length, 3)
})

test('it refuses as real servers do, and is well again when told to', async () => {
  await using mailbox = await startMailbox({ behaviour: 'refuse-4xx' })
  const client = createTransport(mailbox.url)
  const send = () => client.sendMail({ ...mail, to: 'ana@acme.test' })
  await assert.rejects(send, { responseCode: 451 })
  mailbox.behaviour = 'refuse-5xx'
  await assert.rejects(send, { responseCode: 550 })
  mailbox.behaviour = 'drop'
  await assert.rejects(send)
  mailbox.behaviour = 'ok'
  await send()
  assert.equal(mailbox.mails().length, 1)
})

test('a hung server takes the connection and says nothing, and still closes', async () => {
  const mailbox = await startMailbox({ behaviour: 'hang-greeting' })
  const socket = connect(mailbox.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  await mailbox.close()
  await closed
  assert.equal(socket.bytesRead, 0)
})

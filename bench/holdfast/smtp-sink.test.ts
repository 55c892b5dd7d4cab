import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { freePorts } from '../../drills/frame/loopback.ts'
import { startSmtpSink } from './smtp-sink.ts'

const conversation = (person: string, code: string) =>
  [
    'EHLO bench.test',
    'MAIL FROM:<no-reply@bench.test>',
    `RCPT TO:<${person}>`,
    'DATA',
    `Subject: ${code} is your code`,
    '',
    'Dear person,',
    '.',
    'QUIT',
    '',
  ].join('\r\n')

test('the sink gives everybody the code of their own mail, whether they wait for it or come later', async () => {
  const [port] = (await freePorts(1)) as [number]
  const sink = await startSmtpSink(port)
  const waiting = sink.codeFor('ada@bench.test')
  for (const [person, code] of [
    ['ada@bench.test', '123 456'],
    ['bob@bench.test', '654321'],
  ] as const) {
    const socket = connect({ host: '127.0.0.1', port })
    socket.end(conversation(person, code))
    await new Promise((resolve) => socket.resume().once('close', resolve))
  }
  assert.equal(await waiting, '123456')
  assert.equal(await sink.codeFor('bob@bench.test'), '654321')
  sink.close()
})

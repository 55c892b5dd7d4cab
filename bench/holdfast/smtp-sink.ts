import { createServer, type Socket } from 'node:net'
import { type Codes, openCodes } from './codes.ts'

const CODE = /^subject:.*?\b(\d{3})[ _]?(\d{3})\b/im
const RECIPIENT = /^rcpt to:<([^>]+)>/i

/** A mail server that takes everything and keeps nothing but the code: the least that a mailer can wait for. */
export interface SmtpSink extends Codes {
  close(): void
}

export function startSmtpSink(port: number): Promise<SmtpSink> {
  const codes = openCodes()
  const server = createServer((socket) =>
    converse(socket, (person, mail) => {
      const found = CODE.exec(mail)
      if (found) codes.came(person, `${found[1]}${found[2]}`)
    }),
  )
  const sink: SmtpSink = { ...codes, close: () => server.close() }
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(sink))
  })
}

/** As much of RFC 5321 as a client needs that sends one mail: no extension, no refusal. */
function converse(socket: Socket, onMail: (person: string, mail: string) => void): void {
  let [held, person, isData] = ['', '', false]
  const say = (line: string) => socket.write(`${line}\r\n`)
  const answer = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO' || verb === 'HELO') return say('250 sink')
    if (verb === 'RCPT') person = RECIPIENT.exec(line)?.[1] ?? ''
    if (verb === 'QUIT') return void socket.end('221 bye\r\n')
    isData = verb === 'DATA'
    say(isData ? '354 go ahead' : '250 ok')
  }
  const read = () => {
    for (;;) {
      const end = held.indexOf(isData ? '\r\n.\r\n' : '\r\n')
      if (end < 0) return
      const [whole, length] = [held.slice(0, end), isData ? 5 : 2]
      held = held.slice(end + length)
      if (!isData) answer(whole)
      else {
        isData = false
        onMail(person, whole)
        say('250 taken')
      }
    }
  }
  socket.setEncoding('latin1').setNoDelay()
  socket.on('data', (text: string) => {
    held += text
    read()
  })
  socket.on('error', () => {})
  say('220 sink ESMTP')
}

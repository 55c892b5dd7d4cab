import { createServer, type Socket } from 'node:net'

/** Whoever has not been sent a mail in this time is not sent one. */
const MAIL_DEADLINE_MS = 10_000
const CODE = /^subject:.*?\b(\d{3})[ _]?(\d{3})\b/im
const RECIPIENT = /^rcpt to:<([^>]+)>/i

/** A mail server that takes everything and keeps nothing but the code: the least that a mailer can wait for. */
export interface SmtpSink {
  /** The code of the next mail to this person. */
  codeFor(person: string): Promise<string>
  close(): void
}

export function startSmtpSink(port: number): Promise<SmtpSink> {
  const waiting = new Map<string, (code: string) => void>()
  const early = new Map<string, string>()
  const onMail = (person: string, mail: string) => {
    const found = CODE.exec(mail)
    if (!found) return
    const code = `${found[1]}${found[2]}`
    const take = waiting.get(person)
    if (take) take(code)
    else early.set(person, code)
  }
  const server = createServer((socket) => converse(socket, onMail))
  const sink: SmtpSink = {
    close: () => server.close(),
    codeFor(person) {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const isThere = early.get(person)
      early.delete(person)
      if (isThere) return Promise.resolve(isThere)
      const timer = setTimeout(() => reject(new Error('no mail came')), MAIL_DEADLINE_MS)
      waiting.set(person, resolve)
      return promise.finally(() => {
        clearTimeout(timer)
        waiting.delete(person)
      })
    },
  }
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

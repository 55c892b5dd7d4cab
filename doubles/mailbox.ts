import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'

/**
 * What the mail server does to whoever comes. `hang-greeting`: takes the connection and says nothing. `hang-data`:
 * takes and keeps the whole mail, and never answers. `refuse-4xx`: try later (451). `refuse-5xx`: no such address (550 5.1.1).
 * `refuse-policy`: no relaying for you (550 5.7.1). `drop`: closes every connection at once. `drop-data`: takes and
 * keeps the whole mail, and hangs up without an answer.
 */
export type MailboxBehaviour =
  | 'ok'
  | 'hang-greeting'
  | 'hang-data'
  | 'refuse-4xx'
  | 'refuse-5xx'
  | 'refuse-policy'
  | 'drop'
  | 'drop-data'

export interface Mail {
  to: string
  from: string
  subject: string
  messageId: string
  text: string
  html: string
  /** Six digits of the subject, without their gap. */
  code: string | null
  /** Web addresses of the text part, in their order. */
  links: string[]
  raw: string
}

export interface Mailbox extends AsyncDisposable {
  url: string
  port: number
  /** Changes what happens to the next connection or command. */
  behaviour: MailboxBehaviour
  /** Connections taken so far, whatever became of them. */
  connections: number
  /** Every mail taken, oldest first. */
  mails(): Mail[]
  /** The oldest mail to this address that was not handed out before; waits for it, and rejects after the deadline. */
  next(to: string, deadlineMs: number): Promise<Mail>
  close(): Promise<void>
}

/** A double may be driven for a minute of a drill; more than this is a mistake. */
const MAILS_MAX = 10_000
const SIZE_MAX = 1024 * 1024

/** A real SMTP server on loopback that keeps what it gets in memory, and can misbehave as real ones do. */
export async function startMailbox(options: { behaviour?: MailboxBehaviour; port?: number } = {}): Promise<Mailbox> {
  const kept: Mail[] = []
  const handedOut = new Set<Mail>()
  const waiting = new Set<() => void>()
  const sockets = new Set<Socket>()

  const smtp = smtpServer(() => mailbox.behaviour, keep)
  const server = createServer((socket) => take(socket))
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')

  function take(socket: Socket): void {
    mailbox.connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A client that hangs up in the middle is a normal day here.
    socket.on('error', () => socket.destroy())
    if (mailbox.behaviour === 'drop') socket.destroy()
    else if (mailbox.behaviour !== 'hang-greeting') smtp.server.emit('connection', socket)
  }

  function keep(mail: Mail): void {
    if (kept.length >= MAILS_MAX) throw new Error(`the mailbox holds ${MAILS_MAX} mails at most`)
    kept.push(mail)
    for (const look of waiting) look()
  }

  function next(to: string, deadlineMs: number): Promise<Mail> {
    const { promise, resolve, reject } = Promise.withResolvers<Mail>()
    const look = () => {
      const mail = kept.find((one) => one.to === to && !handedOut.has(one))
      if (!mail) return
      handedOut.add(mail)
      stop()
      resolve(mail)
    }
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`no mail to ${to} within ${deadlineMs} ms; there are ${kept.length} to others or handed out`))
    }, deadlineMs)
    const stop = () => {
      clearTimeout(timer)
      waiting.delete(look)
    }
    waiting.add(look)
    look()
    return promise
  }

  const mailbox: Mailbox = {
    port: (server.address() as AddressInfo).port,
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behaviour: options.behaviour ?? 'ok',
    connections: 0,
    mails: () => [...kept],
    next,
    close: () => closeAll(server, sockets),
    [Symbol.asyncDispose]: () => closeAll(server, sockets),
  }
  return mailbox
}

async function closeAll(server: Server, sockets: Set<Socket>): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  for (const socket of sockets) socket.destroy()
  await closed
}

function smtpServer(behaviour: () => MailboxBehaviour, keep: (mail: Mail) => void): SMTPServer {
  const server = new SMTPServer({
    name: 'mailbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: SIZE_MAX,
    onRcptTo(_address, _session, answer) {
      answer(refusalOf(behaviour()))
    },
    onData(stream, session, answer) {
      readMail(stream).then((mail) => {
        const then = behaviour()
        keep(mail)
        if (then === 'hang-data') return
        if (then === 'drop-data') hangUp(server, session.id)
        else answer(null, 'taken')
      }, answer)
    },
  })
  server.on('error', () => {
    // Connections torn down on purpose; whoever waits for a mail hears of it by the deadline.
  })
  return server
}

function refusalOf(behaviour: MailboxBehaviour): Error | null {
  const refuse = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })
  if (behaviour === 'refuse-4xx') return refuse(451, '4.7.1 greylisted, try later')
  if (behaviour === 'refuse-5xx') return refuse(550, '5.1.1 no such user')
  if (behaviour === 'refuse-policy') return refuse(550, '5.7.1 relaying denied')
  return null
}

function hangUp(server: SMTPServer, sessionId: string): void {
  for (const connection of server.connections) {
    const { id, _socket } = connection as unknown as { id: string; _socket: Socket }
    if (id === sessionId) _socket.destroy()
  }
}

async function readMail(stream: SMTPServerDataStream): Promise<Mail> {
  const bytes = await buffer(stream)
  const mail = await PostalMime.parse(bytes)
  const subject = mail.subject ?? ''
  const text = mail.text ?? ''
  const digits = subject.match(/(?<!\d)(\d{3}) ?(\d{3})(?!\d)/)
  return {
    to: mail.to?.[0]?.address ?? '',
    from: mail.from?.address ?? '',
    subject,
    messageId: mail.messageId ?? '',
    text,
    html: mail.html ?? '',
    code: digits ? `${digits[1]}${digits[2]}` : null,
    links: text.match(/https?:\/\/[^\s<>"]+/g) ?? [],
    raw: bytes.toString('utf8'),
  }
}

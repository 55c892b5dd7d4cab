import { Readable } from 'node:stream'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { compose, isAddress, type OutgoingMail } from './compose.ts'
import { readSmtpUrl, type SmtpServer } from './smtp-address.ts'

/**
 * `ok`: the server has taken the mail. `failed`: it has not, and will not send it; `permanent` means that no other
 * server would either, because the address or the mail is refused. `unknown`: all of the mail went out and no answer
 * came, so it may arrive or not.
 */
export type SendResult =
  | { outcome: 'ok'; id: string }
  | { outcome: 'failed'; permanent: boolean; code: string; stage: Stage }
  | { outcome: 'unknown' }

/** How far it came: `connect` up to the login, `mail` from there. */
export type Stage = 'connect' | 'mail'

export interface SendLimits {
  /** The whole send, from the connection to the last answer. */
  deadlineMs: number
  /** Ends it sooner; the socket is destroyed. */
  signal?: AbortSignal
}

export interface Transport {
  /** `host:port`, without what is secret in the URL. */
  place: string
  send(mail: OutgoingMail, limits: SendLimits): Promise<SendResult>
  /** Connects, logs in and leaves: proves that the server would be there, without a mail. */
  probe(limits: SendLimits): Promise<{ outcome: 'ok' } | { outcome: 'failed'; code: string }>
}

/** Throws when the URL cannot work. Opens no connection: each send has its own, so that none is poisoned by another. */
export function openTransport(url: string): Transport {
  const server = readSmtpUrl(url)
  return {
    place: `${server.host}:${server.port}`,

    async send(mail, limits) {
      if (!isAddress(mail.to) || !isAddress(mail.from.address)) {
        return { outcome: 'failed', permanent: true, code: 'invalid_address', stage: 'connect' }
      }
      const bytes = await compose(mail)
      return converse(server, limits, { from: mail.from.address, to: mail.to, bytes })
    },

    async probe(limits) {
      const result = await converse(server, limits, null)
      if (result.outcome === 'failed') return { outcome: 'failed', code: result.code }
      return { outcome: 'ok' }
    },
  }
}

interface Load {
  from: string
  to: string
  bytes: Buffer
}

/** One conversation with the server, settled exactly once, with the socket gone whichever way it ends. */
function converse(server: SmtpServer, limits: SendLimits, load: Load | null): Promise<SendResult> {
  const { promise, resolve } = Promise.withResolvers<SendResult>()
  const connection = connectionTo(server, limits.deadlineMs)
  // Read only after the server has said "go ahead", and read to its end only when all of it has been passed on.
  const body = load && Readable.from([load.bytes])
  let stage: Stage = 'connect'
  let isSettled = false

  const settle = (result: SendResult) => {
    if (isSettled) return
    isSettled = true
    clearTimeout(timer)
    limits.signal?.removeEventListener('abort', abort)
    connection.close()
    resolve(result)
  }
  const fail = (error: SmtpError) => {
    // With an answer of the server we know what became of the mail; without one only while some of it was still here.
    if (!error.responseCode && body?.readableEnded) return settle({ outcome: 'unknown' })
    settle({ outcome: 'failed', ...readError(error), stage })
  }
  const abort = () => fail({ code: 'aborted' })
  const timer = setTimeout(() => fail({ code: 'timeout' }), limits.deadlineMs)

  connection.on('error', fail)
  // The server may close between two steps, with nothing of ours waiting for an answer.
  connection.once('end', () => fail({ code: 'connection_closed' }))
  if (limits.signal?.aborted) abort()
  limits.signal?.addEventListener('abort', abort, { once: true })

  const speak = () => {
    stage = 'mail'
    if (!load || !body) return settle({ outcome: 'ok', id: '' })
    const envelope = { from: load.from, to: [load.to], size: load.bytes.length }
    connection.send(envelope, body, (error, info) => {
      if (error) return fail(error)
      settle({ outcome: 'ok', id: info?.serverMessageId ?? '' })
    })
  }
  if (!isSettled) {
    connection.connect((error) => {
      if (error) return fail(error)
      logIn(connection, server, (refused) => (refused ? fail(refused) : speak()))
    })
  }
  return promise
}

function connectionTo(server: SmtpServer, deadlineMs: number): SMTPConnection {
  return new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.tls === 'always',
    requireTLS: server.tls === 'required',
    // One deadline for the whole is ours; these only make sure that no step outlives it.
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    dnsTimeout: deadlineMs,
    // Destroyed at once: a server that hangs would keep a polite goodbye waiting too.
    socketCloseTimeout: 0,
  })
}

function logIn(connection: SMTPConnection, server: SmtpServer, done: (error: SmtpError | null) => void): void {
  if (!server.login) done(null)
  else if (!connection.allowsAuth) done({ code: 'EAUTH' })
  else connection.login({ credentials: { user: server.login.user, pass: server.login.password } }, done)
}

/** What nodemailer tells about a fault. Its message may hold addresses and is never passed on. */
interface SmtpError {
  code?: string
  originalCode?: string
  responseCode?: number
  response?: string
  command?: string
}

const CODES: Record<string, string> = {
  ETIMEDOUT: 'timeout',
  EAUTH: 'login_refused',
  EDNS: 'host_not_found',
  ETLS: 'tls_failed',
  ECONNECTION: 'connection_closed',
  ESOCKET: 'connection_failed',
  EPROTOCOL: 'not_smtp',
  EMESSAGE: 'mail_refused',
  EENVELOPE: 'envelope_refused',
  ECONNREFUSED: 'connection_refused',
}

function readError(error: SmtpError): { permanent: boolean; code: string } {
  const { responseCode, command } = error
  const isAboutMail = command === 'RCPT TO' || command === 'DATA'
  if (responseCode) return { permanent: isAboutMail && isFinal(error), code: `smtp_${responseCode}` }
  const code = error.originalCode && CODES[error.originalCode] ? error.originalCode : (error.code ?? '')
  return { permanent: false, code: CODES[code] ?? (/^[a-z_]+$/.test(code) ? code : 'connection_failed') }
}

/**
 * 5xx about the address or the mail itself. 5.7.x (policy: our reputation, our relay rights) is about this server and
 * us, so another may still take the mail (RFC 3463 §3).
 */
function isFinal({ responseCode, response }: SmtpError): boolean {
  if (!responseCode || responseCode < 500) return false
  const enhanced = response?.match(/\b5\.(\d{1,3})\.\d{1,3}\b/)?.[1]
  return enhanced === undefined || ['1', '2', '6'].includes(enhanced)
}

import { mkdir, rename, unlink, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { type Clock, systemClock } from '../clock.ts'
import { newId } from '../id.ts'
import type { Logger } from '../log.ts'
import { MAIL_SIZE_MAX, mailIds } from './mailbox.ts'
import { isLoopback } from './smtp-address.ts'

/** Enough to look back over a day's work; the oldest go first. */
export const MAILS_KEPT = 200
/** The sink takes mail of one machine. */
const CLIENTS_MAX = 50
/** An idle client is let go, or a forgotten telnet would hold a place for ever. */
const IDLE_MS = 30_000
/** What is left of a conversation at the end is cut. */
const CLOSE_MS = 500

export interface MailSink {
  port: number
  close(): Promise<void>
}

export interface MailSinkOptions {
  /** 0 chooses a free one. */
  port: number
  host: string
  folder: string
  log: Logger
  clock?: Clock
}

/** The development SMTP server: every mail becomes a file, and none goes anywhere. Rejects when the port is taken. */
export async function startMailSink(options: MailSinkOptions): Promise<MailSink> {
  const { folder, log, clock = systemClock } = options
  if (!isLoopback(options.host)) throw new TypeError('the development mail sink listens on loopback only')

  let lastMs = 0
  // One after the other: two prunings at once would count the same files.
  let writing = Promise.resolve()
  const keep = (bytes: Buffer) => {
    const kept = writing.then(async () => {
      // Never twice the same millisecond, so that the names keep the order of arrival.
      lastMs = Math.max(clock.now().getTime(), lastMs + 1)
      await writeWhole(folder, `${newId('mail', new Date(lastMs))}.eml`, bytes)
      await prune(folder)
    })
    writing = kept.catch(() => {})
    return kept
  }

  const server = new SMTPServer({
    name: 'holdfast-sink',
    banner: 'development, mail goes nowhere',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAIL_SIZE_MAX,
    maxClients: CLIENTS_MAX,
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSE_MS,
    onData(stream, _session, answer) {
      receive(stream, keep).then(
        () => answer(null, 'kept'),
        (error: Error & { responseCode?: number }) => {
          if (!error.responseCode) log.warn({ error: error.message }, 'a mail could not be written to the mail folder')
          answer(
            Object.assign(new Error(error.responseCode ? error.message : 'could not be written'), {
              responseCode: error.responseCode ?? 452,
            }),
          )
        },
      )
    },
  })
  await listen(server, options)
  server.on('error', (error) => log.warn({ error: error.message }, 'a client of the mail sink misbehaved'))

  return {
    port: (server.server.address() as AddressInfo).port,
    close: async () => {
      await new Promise<void>((resolve) => server.close(resolve))
      await writing
    },
  }
}

async function receive(stream: SMTPServerDataStream, keep: (bytes: Buffer) => Promise<void>): Promise<void> {
  const bytes = await boundedBuffer(stream)
  if (!bytes) throw Object.assign(new Error('larger than 1 MiB'), { responseCode: 552 })
  await keep(bytes)
}

/** Reads to the end, as the protocol needs, and keeps nothing of what is too large. */
async function boundedBuffer(stream: SMTPServerDataStream): Promise<Buffer | null> {
  let size = 0
  const bytes = await buffer(
    stream.filter((chunk: Buffer) => {
      size += chunk.length
      return size <= MAIL_SIZE_MAX
    }),
  )
  return size <= MAIL_SIZE_MAX ? bytes : null
}

/** Readers see a mail whole or not at all. It need not outlive a power cut: it is a development mail. */
async function writeWhole(folder: string, name: string, bytes: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = join(folder, `.${name}.new`)
  await writeFile(temporary, bytes, { mode: 0o600 })
  await rename(temporary, join(folder, name))
}

async function prune(folder: string): Promise<void> {
  const ids = await mailIds(folder)
  for (const id of ids.slice(0, Math.max(0, ids.length - MAILS_KEPT))) {
    await unlink(join(folder, `${id}.eml`)).catch((error: NodeJS.ErrnoException) => {
      // Somebody emptied the folder by hand.
      if (error.code !== 'ENOENT') throw error
    })
  }
}

function listen(server: SMTPServer, { port, host }: MailSinkOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

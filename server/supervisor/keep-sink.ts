import { within } from '../platform/deadline.ts'
import type { Logger } from '../platform/log.ts'
import { startMailSink } from '../platform/mail/mail-sink.ts'
import type { Part } from './part.ts'
import { StartRefused } from './refused.ts'
import type { Screen } from './screen.ts'

const STOP_MS = 300

/** The development SMTP sink, in this process: every mail becomes a file that `/dev/mail` shows. */
export async function keepSink(options: { port: number; folder: string; screen: Screen }): Promise<Part> {
  const { port, folder, screen } = options
  const log: Logger = {
    debug() {},
    info() {},
    warn: (...said: unknown[]) => screen.warning('mail', lastText(said)),
    error: (...said: unknown[]) => screen.warning('mail', lastText(said)),
  }
  const sink = await startMailSink({ port, host: '127.0.0.1', folder, log }).catch((cause: Error) => {
    throw new StartRefused(
      `The mail sink cannot listen on port ${port} (${cause.message}): set HOLDFAST_MAIL_PORT to another.`,
      { cause },
    )
  })
  return {
    name: 'mail',
    async stop() {
      await within(STOP_MS, 'the mail sink', sink.close()).catch(() => {})
    },
    // It lives in this process and ends with it.
    kill() {},
  }
}

/** pino's calls: facts first, then a sentence; facts may hold addresses and are left out. */
function lastText(said: readonly unknown[]): string {
  return said.findLast((each) => typeof each === 'string') ?? 'the sink has a problem'
}

import { askHosts } from './ask-hosts.ts'
import { type Choice, chooseWriter, type Host, type Writer } from './choose-writer.ts'
import { addressOf, hostsOf, mustChoose } from './hosts.ts'
import { DatabaseOutage } from './outage.ts'

/** Which of the hosts in a URL is written to, remembered for as long as the process lives. */
export interface WriterSearch {
  /** The one to connect to, as far as is known; before the first look the first that was named. */
  url(): string
  /** Whether a new connection has to be asked what it is. */
  mustChoose: boolean
  /** Looks at all hosts. Throws a `DatabaseOutage` that names what each of them is when none takes writes. */
  look(deadlineMs: number, signal?: AbortSignal): Promise<Found>
}

export interface Found {
  url: string
  /** Another one than at the last look. */
  hasMoved: boolean
  /** What a human has to do something about; undefined: nothing. */
  warning: string | undefined
}

export function searchWriter(options: { url: string; name: string }): WriterSearch {
  const urls = hostsOf(options.url)
  const timelines = new Map<string, number>()
  let last: Writer | undefined
  if (!mustChoose(options.url)) {
    const found = { url: options.url, hasMoved: false, warning: undefined }
    return { url: () => options.url, mustChoose: false, look: async () => found }
  }
  return {
    url: () => last?.url ?? urls[0]!,
    mustChoose: true,
    async look(deadlineMs, signal) {
      const hosts = await askHosts({ urls, name: options.name, deadlineMs, ...(signal ? { signal } : {}) })
      const { writer, rivals } = chooseWriter(hosts, { last, timelines })
      if (!writer) throw new DatabaseOutage('failed', `no host takes writes: ${hosts.map(describe).join('; ')}`)
      const known = timelines.get(writer.system) ?? 0
      timelines.set(writer.system, Math.max(known, writer.timeline))
      const hasMoved = last !== undefined && last.url !== writer.url
      last = writer
      return { url: writer.url, hasMoved, warning: warningOf({ writer, rivals }) }
    },
  }
}

/** For what is done once: the URL of the one host that takes writes. A URL of one host is that, without a question. */
export async function findWriter(url: string, options: { name: string; deadlineMs: number; signal?: AbortSignal }) {
  const { name, deadlineMs, signal } = options
  return (await searchWriter({ url, name }).look(deadlineMs, signal)).url
}

function warningOf({ writer, rivals }: Choice): string | undefined {
  if (!writer || rivals.length === 0) return undefined
  const others = rivals.map(({ url, timeline }) => `${addressOf(url)} (timeline ${timeline})`).join(' and ')
  return `split brain: ${others} takes writes beside ${addressOf(writer.url)} (timeline ${writer.timeline}); fence it`
}

function describe(host: Host): string {
  const address = addressOf(host.url)
  if (host.is === 'standby') return `${address} is a standby`
  // It answered that it does, and was not taken: its timeline is over.
  if (host.is === 'writer') return `${address} is a primary that was replaced (timeline ${host.timeline})`
  const { code, message } = host.error as { code?: string; message: string }
  return `${address} does not answer (${code ?? message})`
}

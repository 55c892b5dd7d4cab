import { createClient, RESP_TYPES } from 'redis'
import { requireLoopback } from '../frame/loopback.ts'
import { readInfo, type StoreSeen } from './read-info.ts'

/** A server that is well answers in a millisecond, and a script of ours keeps it for some ten. */
const COMMAND_DEADLINE_MS = 2000
const CONNECT_DEADLINE_MS = 1000
const RECONNECT_MS = 100

/** What a command was answered: an error of the server is an answer too, such as `OOM`. */
export type Reply = { outcome: 'ok'; value: unknown } | { outcome: 'refused'; code: string } | { outcome: 'no-answer' }

/** The drill's own connection to the store, for faults, proofs and filling; no arm ever uses it. */
export interface Store extends Disposable {
  ask(...words: (string | Buffer)[]): Promise<Reply>
  /** The same; anything but an answer is an error of the drill. */
  must(...words: (string | Buffer)[]): Promise<unknown>
  /** One entry as the server would hand it to another: type, value and all; null when there is none. */
  dump(key: string): Promise<Buffer | null>
  /** Null when it did not answer. */
  look(): Promise<StoreSeen | null>
}

export async function openStore(url: string): Promise<Store> {
  requireLoopback(url)
  const client = createClient({
    url,
    RESP: 2,
    disableOfflineQueue: true,
    socket: { connectTimeout: CONNECT_DEADLINE_MS, reconnectStrategy: () => RECONNECT_MS },
  })
  // The server is killed on purpose; what that breaks off is told by the command it broke.
  client.on('error', () => {})
  await client.connect()
  const ask: Store['ask'] = async (...words) => {
    const sent = client.sendCommand(words).then(
      (value): Reply => ({ outcome: 'ok', value }),
      (error: Error): Reply =>
        isOfServer(error) ? { outcome: 'refused', code: codeOf(error) } : { outcome: 'no-answer' },
    )
    return within(sent)
  }
  const must: Store['must'] = async (...words) => {
    const reply = await ask(...words)
    if (reply.outcome === 'ok') return reply.value
    throw new Error(`The store did not do ${String(words[0])}: ${'code' in reply ? reply.code : 'no answer'}.`)
  }
  return {
    ask,
    must,
    dump: (key) =>
      client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }).sendCommand<Buffer | null>(['DUMP', key]),
    async look() {
      const [info, keys] = await Promise.all([ask('INFO', 'everything'), ask('DBSIZE')])
      return info.outcome === 'ok' && keys.outcome === 'ok' ? readInfo(String(info.value), Number(keys.value)) : null
    },
    [Symbol.dispose]: () => client.destroy(),
  }
}

const isOfServer = (error: Error) => /^[A-Z]{2,}\b/.test(error.message)

/** The first word of an error; of one that a script was met with, the word inside. */
function codeOf(error: Error): string {
  return /\bOOM\b/.test(error.message) ? 'OOM' : error.message.split(' ', 1)[0]!
}

/** node-redis has no deadline for a command that was sent; a stopped server would be waited for for ever. */
function within(sent: Promise<Reply>): Promise<Reply> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ outcome: 'no-answer' }), COMMAND_DEADLINE_MS)
    sent.then((reply) => {
      clearTimeout(timer)
      resolve(reply)
    })
  })
}

import pg from 'pg'
import { DeadlineExceeded, within } from '../deadline.ts'
import type { Host } from './choose-writer.ts'
import { connectionConfig, cut } from './connection.ts'
import { addressOf } from './hosts.ts'

export interface AskHosts {
  urls: readonly string[]
  name: string
  /** Of all questions together. */
  deadlineMs: number
  signal?: AbortSignal
}

/** Once one host takes writes, a silent one is waited for this share of the deadline: the rest is for connecting. */
const SILENCE_SHARE = 0.5

/**
 * The timeline is that of the write-ahead log being written: the control file tells an older one until the checkpoint
 * that follows a promotion. A standby has none, and may not be asked.
 */
const WHO_ARE_YOU = `
  select case when pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' then null
              else left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) end as timeline,
         (select system_identifier::text from pg_control_system()) as system`

/** All at once: a host that hangs must not use up the deadline of the others. */
export async function askHosts(options: AskHosts): Promise<Host[]> {
  const answers = options.urls.map(
    (url): Host => ({ url, is: 'silent', error: new DeadlineExceeded(addressOf(url), options.deadlineMs) }),
  )
  const { promise: enough, resolve } = Promise.withResolvers<void>()
  const hasWriter = () => answers.some((host) => host.is === 'writer')
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    if (hasWriter()) resolve()
  }, options.deadlineMs * SILENCE_SHARE)
  const asking = options.urls.map(async (url, index) => {
    answers[index] = await askHost({ ...options, url })
    if (isLate && hasWriter()) resolve()
  })
  await Promise.race([Promise.all(asking), enough])
  clearTimeout(timer)
  return [...answers]
}

async function askHost(options: Omit<AskHosts, 'urls'> & { url: string }): Promise<Host> {
  const { url, name, deadlineMs, signal } = options
  let client: pg.Client | undefined
  const abort = () => client && cut(client)
  signal?.addEventListener('abort', abort)
  try {
    client = new pg.Client(connectionConfig(url, `${name} look`, { connectMs: deadlineMs, queryMs: deadlineMs }))
    client.on('error', () => {})
    return await within(deadlineMs, 'the database', whoIs(client, url))
  } catch (error) {
    return { url, is: 'silent', error }
  } finally {
    signal?.removeEventListener('abort', abort)
    abort()
  }
}

async function whoIs(client: pg.Client, url: string): Promise<Host> {
  await client.connect()
  const { rows } = await client.query<{ timeline: string | null; system: string }>(WHO_ARE_YOU)
  const { timeline, system } = rows[0]!
  if (timeline === null) return { url, is: 'standby' }
  return { url, is: 'writer', system, timeline: Number.parseInt(timeline, 16) }
}

/** On a connection that a pool has just made: the host may have been taken for a standby since. */
export async function assertWriter(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby')
  if (rows[0]?.standby !== false) throw Object.assign(new Error('it is a standby'), { code: '25006' })
}

import { within } from '../deadline.ts'
import { acceptsTcp, judgeAbsence, type ProbeResult } from './hang-class.ts'
import { withClient } from './one-connection.ts'
import { assertReplicated, listenForReplication } from './replication.ts'
import { sql } from './sql.ts'

export interface ProbeOptions {
  url: string
  name: string
  deadlineMs: number
  /** Whether connections that were made before still answer. */
  arePooledFine(): Promise<boolean>
  signal: AbortSignal
}

/**
 * Commits a row of its own on a connection made for it. Of all cheap questions it is the only one that a stopped
 * server, a stopped postmaster, a held row and a stalled disk all fail (measured, events.md §3.4).
 */
export async function probe(options: ProbeOptions): Promise<ProbeResult> {
  // All at once: a round is as long as its slowest question, and recovery waits for a round.
  const [fresh, accepts, arePooledFine] = await Promise.all([
    commitOnFreshConnection(options),
    acceptsTcp(options.url, options.deadlineMs),
    options.arePooledFine(),
  ])
  if (fresh === 'committed') return { state: 'ok', detail: 'commits', arePooledFine: true }
  return judgeAbsence({ ...fresh, acceptsTcp: accepts, arePooledFine })
}

/** What can be said of a database that could not even be asked whose it is. */
export async function judgeUnasked(options: { url: string; deadlineMs: number; error: unknown }): Promise<ProbeResult> {
  const accepts = await acceptsTcp(options.url, options.deadlineMs)
  return judgeAbsence({ step: 'connect', error: options.error, acceptsTcp: accepts, arePooledFine: false })
}

async function commitOnFreshConnection({ url, name, deadlineMs, signal }: ProbeOptions) {
  let step: 'connect' | 'commit' = 'connect'
  const beat = sql`
    insert into platform.heartbeat (process, at)
    values (${name}, clock_timestamp())
    on conflict (process) do update set at = excluded.at`
  try {
    await withClient(
      { url, name: `${name} probe`, connectMs: deadlineMs, queryMs: deadlineMs, signal },
      async (client) => {
        step = 'commit'
        listenForReplication(client)
        await within(deadlineMs, 'the database', client.query(beat.text, [...beat.values]))
        assertReplicated(client, deadlineMs)
      },
    )
    return 'committed'
  } catch (error) {
    return { step, error }
  }
}

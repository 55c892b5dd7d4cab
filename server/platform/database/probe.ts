import { connect } from 'node:net'
import pg from 'pg'
import { within } from '../deadline.ts'
import { connectionConfig } from './connection-pool.ts'
import type { Queries } from './database.ts'
import { sql } from './sql.ts'

export interface ProbeResult {
  /** `unknown`: no answer at all. `failing`: it answered that it cannot. */
  state: 'ok' | 'unknown' | 'failing'
  detail: string
  arePooledFine: boolean
}

/**
 * Commits a row of its own on a connection made for it. Of all cheap questions it is the only one that a stopped
 * server, a stopped postmaster, a held row and a stalled disk all fail (measured, events.md §3.4).
 */
export async function probe(options: {
  url: string
  name: string
  deadlineMs: number
  pooled: Queries | undefined
}): Promise<ProbeResult> {
  const [fresh, arePooledFine] = await Promise.all([commitOnFreshConnection(options), answers(options.pooled)])
  if (fresh.outcome === 'ok') return { state: 'ok', detail: 'commits', arePooledFine: true }
  if (fresh.outcome === 'refused') return { state: 'failing', detail: fresh.detail, arePooledFine }

  const accepts = await acceptsTcp(options.url, options.deadlineMs)
  return { state: 'unknown', detail: hangClass({ accepts, arePooledFine, step: fresh.step }), arePooledFine }
}

type Fresh =
  | { outcome: 'ok' }
  | { outcome: 'refused'; detail: string }
  | { outcome: 'hung'; step: 'connect' | 'commit' }

async function commitOnFreshConnection(options: { url: string; name: string; deadlineMs: number }): Promise<Fresh> {
  const client = new pg.Client({
    ...connectionConfig(options.url, `${options.name} probe`, { queryMs: options.deadlineMs }),
    connectionTimeoutMillis: options.deadlineMs,
  })
  client.on('error', () => {})
  let step: 'connect' | 'commit' = 'connect'
  try {
    await within(options.deadlineMs, 'the database', client.connect())
    step = 'commit'
    const beat = sql`
      insert into platform.heartbeat (process, at)
      values (${options.name}, clock_timestamp())
      on conflict (process) do update set at = excluded.at`
    await within(options.deadlineMs, 'the database', client.query(beat.text, [...beat.values]))
    return { outcome: 'ok' }
  } catch (error) {
    const code = codeOf(error)
    // 57014 is the server's own statement_timeout: it lives, but the commit hung.
    if (code !== undefined && code !== '57014') return { outcome: 'refused', detail: refusal(code) }
    return { outcome: 'hung', step }
  } finally {
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }
}

/** What can be said of a database that could not even be asked for its stamp. */
export async function absence(options: { url: string; deadlineMs: number; error: unknown }): Promise<ProbeResult> {
  const cause = options.error instanceof Error && options.error.cause ? options.error.cause : options.error
  const code = codeOf(cause)
  if (code !== undefined && code !== '57014') return { state: 'failing', detail: refusal(code), arePooledFine: false }
  const accepts = await acceptsTcp(options.url, options.deadlineMs)
  return {
    state: 'unknown',
    detail: hangClass({ accepts, arePooledFine: false, step: 'connect' }),
    arePooledFine: false,
  }
}

/** A host with more than one address fails with the errors of all of them. */
function codeOf(error: unknown): string | undefined {
  const code =
    error instanceof AggregateError ? codeOf(error.errors[0]) : (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

function refusal(code: string): string {
  if (code === 'ECONNREFUSED') return 'nothing listens at its address'
  if (code === '57P03') return 'it is starting up or shutting down'
  if (code === '42P01' || code === '3F000') return 'its tables are not there yet'
  if (code.startsWith('53')) return `it is out of resources (${code})`
  if (code === '25006') return 'it is read-only: a standby, or demoted'
  return `it refuses (${code})`
}

function hangClass(seen: { accepts: boolean; arePooledFine: boolean; step: 'connect' | 'commit' }): string {
  if (!seen.accepts) return 'no connection: the machine or the network'
  if (seen.step === 'connect') {
    return seen.arePooledFine
      ? 'new connections hang, old ones answer: the postmaster'
      : 'accepts connections and answers nothing: the whole server hangs'
  }
  return seen.arePooledFine ? 'reads work, commits hang: storage, or a lock' : 'connects, then hangs: storage'
}

async function answers(pooled: Queries | undefined): Promise<boolean> {
  if (!pooled) return false
  try {
    await pooled.one(sql`select 1 as one`)
    return true
  } catch {
    // The caller only wants to know whether; the pool has told the breaker why.
    return false
  }
}

function acceptsTcp(url: string, deadlineMs: number): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 5432), timeout: deadlineMs })
    const end = (accepts: boolean) => {
      socket.destroy()
      resolve(accepts)
    }
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(false))
      .once('error', () => end(false))
  })
}

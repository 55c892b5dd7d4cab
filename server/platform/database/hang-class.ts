import { connect } from 'node:net'
import { codeOf, DatabaseOutage, sqlStateOf } from './outage.ts'
import { NotReplicated } from './replication.ts'

export interface ProbeResult {
  /** `unknown`: no answer at all. `failing`: it answered that it cannot. */
  state: 'ok' | 'unknown' | 'failing'
  detail: string
  arePooledFine: boolean
}

/** What was seen of a database that did not commit. */
export interface Seen {
  /** Where the fresh connection came to a stop, and with what. */
  step: 'connect' | 'commit'
  error: unknown
  acceptsTcp: boolean
  arePooledFine: boolean
}

/** Names what is wrong, by the matrix measured in events.md §3.4. */
export function judgeAbsence({ step, error, acceptsTcp, arePooledFine }: Seen): ProbeResult {
  const said = refusalIn(error)
  if (said) return { state: 'failing', detail: said, arePooledFine }
  const detail = hangClass({ step, acceptsTcp, arePooledFine })
  return { state: 'unknown', detail, arePooledFine }
}

function hangClass({ step, acceptsTcp, arePooledFine }: Omit<Seen, 'error'>): string {
  if (step === 'commit') {
    return arePooledFine
      ? 'reads work, commits hang: storage, a lock, or a synchronous replica'
      : 'connects, then hangs: storage'
  }
  if (arePooledFine) return 'new connections hang, old ones answer: the postmaster'
  return acceptsTcp
    ? 'accepts connections and answers nothing: the whole server hangs'
    : 'no connection: the machine or the network'
}

/** Addresses nobody answers at; a refused connection is an answer, of the machine at least. */
const SILENCE = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ECONNRESET', 'EPIPE'])

/** Undefined when nobody said anything. */
function refusalIn(error: unknown): string | undefined {
  // Thrown by whoever looked at the store itself, in words of its own.
  if (error instanceof DatabaseOutage && error.cause === undefined) return error.message
  if (error instanceof NotReplicated) return 'it commits and no replica confirms: what was kept could be lost'
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const code = codeOf(cause)
  // 57014 is the server's own statement_timeout: it lives, but the commit hung.
  if (code === undefined || code === '57014' || SILENCE.has(code)) return undefined
  if (code === 'ECONNREFUSED') return 'nothing listens at its address'
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'its name is not found'
  const state = sqlStateOf(cause)
  if (state === undefined) return `no connection (${code})`
  if (state === '57P03') return 'it is starting up or shutting down'
  if (state === '42P01' || state === '3F000') return 'its tables are not there yet'
  if (state === '55P03') return 'a lock was not to be had in time'
  if (state.startsWith('53')) return `it is out of resources (${state})`
  if (state === '25006') return 'it is read-only: a standby, or demoted'
  if (state.startsWith('28')) return `it does not accept the role or its password (${state})`
  if (state === '3D000') return 'there is no database of this name'
  return `it refuses (${state})`
}

/** A server that is stopped still accepts: the kernel does that for it. */
export function acceptsTcp(url: string, deadlineMs: number): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 5432) })
    const timer = setTimeout(() => end(false), deadlineMs)
    const end = (accepts: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(accepts)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}

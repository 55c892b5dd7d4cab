/** `urgent`: somebody waits in front of a page. `notice`: it may come later, and never in the way of the former. */
export type Lane = 'urgent' | 'notice'

export interface Message {
  /** Becomes the Message-ID: the same over every server. */
  id: string
  to: string
  subject: string
  text: string
  html: string
  /** Never sent after this. */
  expiresAt: Date
  lane: Lane
  /** What it is for, such as `sign-in`; for logs and counts. */
  purpose: string
}

/**
 * What became of a message. `unknown`: some server may have taken it. `expired`: its time was over before any server
 * took it. `lost`: this process ended with the message in its queue.
 */
export type Outcome = 'sent' | 'failed' | 'unknown' | 'expired' | 'lost'

export interface Receipt {
  /** Never rejects. */
  settled: Promise<Outcome>
}

/** Time for tests to own. Returns what cancels. */
export interface Timers {
  after(ms: number, run: () => void): () => void
}

export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

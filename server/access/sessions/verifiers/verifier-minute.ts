/** What one verifier said within one minute. */
export interface VerifierMinute {
  minute: Date
  /** A process of access, or an application with the SDK. */
  kind: 'access' | 'application'
  audience: string
  instance: string
  /** `verdict/reason/source`, as many as there are kinds of answers: some sixty at most. */
  counts: Record<string, number>
  /** The oldest that its knowledge of revocations became; null: not known. */
  lagMs: number | null
  /** How long in this minute what it leans on did not answer. */
  awayMs: number
}

export const MINUTE_MS = 60_000
export const minuteOf = (at: Date) => new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)

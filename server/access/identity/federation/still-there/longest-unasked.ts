import { ASKED_EVERY_MS, type Asking } from './ask-again.ts'
import * as queries from './queries.ts'

/** Within the minute a figure says what is. */
export const LATE_READ_EVERY_MS = 60_000

/** By how much the daily question is behind, for whoever watches figures. */
export interface Unasked {
  read(): Promise<void>
  /** Of whoever was asked longest ago: the time since it was their turn. NaN until it was read once. */
  lateSeconds(): number
}

export function openUnasked({ providers, background, clock }: Asking): Unasked {
  // Kept as an instant: where reading fails, the figure goes on growing.
  let since: Date | null | undefined
  return {
    async read() {
      const providerIds = providers.offered().map(({ id }) => id)
      since = await queries.longestUnasked(background, providerIds)
    },
    lateSeconds() {
      if (since === undefined) return Number.NaN
      if (since === null) return 0
      return Math.max(0, clock.now().getTime() - since.getTime() - ASKED_EVERY_MS) / 1000
    },
  }
}

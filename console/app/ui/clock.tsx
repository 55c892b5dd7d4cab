import { createContext, useContext, useSyncExternalStore } from 'react'

const TICK_MS = 1000

interface Clock {
  /** This browser's clock. */
  nowMs: number
  /** The clock of whoever wrote the times on the wire. */
  serverNowMs: number
  /** A moment of this browser, as the other clock would have written it. */
  asWritten: (browserMs: number) => string
}

const ClockContext = createContext<Clock | null>(null)

/** One tick a second for every age on the page, so that they all turn over together. */
export function ClockProvider({ offsetMs, children }: { offsetMs: number; children: React.ReactNode }) {
  const nowMs = useSyncExternalStore(eachTick, wholeSecond)
  const asWritten = (browserMs: number) => new Date(browserMs + offsetMs).toISOString()
  return <ClockContext value={{ nowMs, serverNowMs: nowMs + offsetMs, asWritten }}>{children}</ClockContext>
}

export function useClock(): Clock {
  const clock = useContext(ClockContext)
  if (!clock) throw new Error('useClock needs a ClockProvider above it.')
  return clock
}

function eachTick(tell: () => void) {
  const timer = setInterval(tell, TICK_MS)
  return () => clearInterval(timer)
}

function wholeSecond(): number {
  return Math.floor(Date.now() / TICK_MS) * TICK_MS
}

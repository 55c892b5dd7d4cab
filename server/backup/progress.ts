/** A bar on a terminal for what takes longer than two seconds; nothing where nobody looks, and nothing beside JSON. */
export interface Progress {
  show(done: number, of: number, what: string): void
  /** Clears the line. */
  end(): void
}

const SHOWN_AFTER_MS = 2000
const REDRAWN_EVERY_MS = 200
const BAR_WIDTH = 24
const CLEAR = '\r\u001b[K'

interface Screen {
  isTTY?: boolean
  write(text: string): unknown
}

export function openProgress(options: {
  isQuiet: boolean
  unit: (count: number) => string
  screen?: Screen
  nowMs?: () => number
}): Progress {
  const { screen = process.stderr, nowMs = () => performance.now(), unit } = options
  if (options.isQuiet || !screen.isTTY) return { show() {}, end() {} }
  const startedMs = nowMs()
  let drawnMs = 0
  return {
    show(done, of, what) {
      const now = nowMs()
      if (now - startedMs < SHOWN_AFTER_MS || now - drawnMs < REDRAWN_EVERY_MS) return
      drawnMs = now
      screen.write(`${CLEAR}${lineOf({ done, of, what, elapsedMs: now - startedMs, unit })}`)
    },
    end() {
      if (drawnMs > 0) screen.write(CLEAR)
    },
  }
}

export function lineOf(at: {
  done: number
  of: number
  what: string
  elapsedMs: number
  unit: (count: number) => string
}): string {
  const share = at.of > 0 ? Math.min(1, at.done / at.of) : 1
  const filled = Math.round(share * BAR_WIDTH)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`
  const rate = at.done / (at.elapsedMs / 1000)
  const leftS = rate > 0 ? Math.ceil((at.of - at.done) / rate) : 0
  return `${bar} ${Math.floor(share * 100)} %  ${at.unit(rate)}/s  ${leftS} s left  ${at.what}`
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB']

export function inBytes(bytes: number): string {
  const power = bytes >= 1 ? Math.min(SIZES.length - 1, Math.floor(Math.log10(bytes) / 3)) : 0
  const value = bytes / 1000 ** power
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${SIZES[power]}`
}

export const inRows = (rows: number) => `${Math.round(rows)} rows`

import { monotonicMs } from './clock.ts'

/** How a drill tells where it is. Silent with `--json`; a line a step into a file; one living line on a terminal. */
export interface Progress {
  /** A part of known length begins; the estimate is made of what is left of it and of all that follows. */
  step(text: string): void
  /** What is happening within the step. */
  note(text: string): void
  end(): void
}

export const silent: Progress = { step() {}, note() {}, end() {} }

const BAR_WIDTH = 20

export function printProgress(output: NodeJS.WriteStream, expectedMs: number): Progress {
  const startedMs = monotonicMs()
  let [step, note] = ['', '']
  const isTerminal = output.isTTY === true
  const draw = () => {
    if (isTerminal)
      output.write(`\r\u001b[2K${progressLine({ elapsedMs: monotonicMs() - startedMs, expectedMs, step, note })}`)
  }
  // Drawn each second even when nothing happens: a minute without a sign of life looks like a hang.
  const timer = isTerminal ? setInterval(draw, 1000) : undefined
  timer?.unref()
  return {
    step(text) {
      ;[step, note] = [text, '']
      if (!isTerminal) output.write(`  ${clock(monotonicMs() - startedMs)}  ${text}\n`)
      draw()
    },
    note(text) {
      note = text
      draw()
    },
    end() {
      clearInterval(timer)
      if (isTerminal) output.write('\r\u001b[2K')
    },
  }
}

export function progressLine(at: { elapsedMs: number; expectedMs: number; step: string; note: string }): string {
  const share = Math.min(1, at.elapsedMs / at.expectedMs)
  const bar = '█'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '░')
  const leftMs = Math.max(0, at.expectedMs - at.elapsedMs)
  return `  ${bar} ${clock(at.elapsedMs)}, about ${clock(leftMs)} left   ${at.step}${at.note && `   ${at.note}`}`
}

function clock(ms: number): string {
  const total = Math.round(ms / 1000)
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`
}

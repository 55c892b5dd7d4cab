import type { Readable } from 'node:stream'
import type { LogFile } from './log-file.ts'
import type { Screen } from './screen.ts'

/** A line without an end must not fill the supervisor. */
const LINE_LENGTH_MAX = 32_768
/** A child that fails in a loop says so in its log; the terminal shows the beginning. */
const SHOWN_LINES_MAX = 20
const SHOWN_WITHIN_MS = 10_000
/** Of a stack the line that says what happened, and Node's own warnings; the rest is in the log. */
const TELLING = /^(\w*Error\b|Caused by|\(node:\d+\)|holdfast: )/
const LAST_LINES_KEPT = 10

export interface ChildOutput {
  listen(stdout: Readable, stderr: Readable): void
  /** The last it wrote to stderr that was not a log line: why it refused, or how it crashed. */
  lastWords(): string[]
}

/** Every line goes to the child's log, warnings and errors also to the terminal. */
export function showOutput(name: string, log: LogFile, screen: Screen): ChildOutput {
  let words: string[] = []
  let shown = 0
  let windowFrom = 0

  function show(text: string): void {
    if (performance.now() - windowFrom > SHOWN_WITHIN_MS) {
      windowFrom = performance.now()
      shown = 0
    }
    shown += 1
    if (shown <= SHOWN_LINES_MAX) screen.warning(name, text)
    else if (shown === SHOWN_LINES_MAX + 1) screen.warning(name, `more of this in logs/${name}.log`)
  }

  function hear(line: string, isError: boolean): void {
    if (line.trim() === '') return
    log.write(line)
    const said = parseLogLine(line)
    if (said ? /^(warn|error|fatal)$/.test(said.level) : isError && TELLING.test(line)) {
      show(said ? `${said.level}  ${said.text}` : line)
    }
    if (!said && isError) words = [...words, line].slice(-LAST_LINES_KEPT)
  }

  return {
    listen(stdout, stderr) {
      words = []
      eachLine(stdout, (line) => hear(line, false))
      eachLine(stderr, (line) => hear(line, true))
    },
    lastWords: () => words,
  }
}

/** pino's lines; `reason` is what our own logs say why with. */
function parseLogLine(line: string): { level: string; text: string } | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const { level, msg, reason, err } = JSON.parse(line) as Record<string, unknown>
    if (typeof level !== 'string') return undefined
    const why = reason ?? (err as { message?: string } | undefined)?.message
    return { level, text: `${msg ?? ''}${why ? ` (${String(why)})` : ''}` }
  } catch {
    return undefined
  }
}

export function eachLine(stream: Readable, hear: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) hear(line)
    if (rest.length > LINE_LENGTH_MAX) {
      hear(rest)
      rest = ''
    }
  })
  stream.on('end', () => rest && hear(rest))
  // Read errors are the end of the child, which its exit tells.
  stream.on('error', () => {})
}

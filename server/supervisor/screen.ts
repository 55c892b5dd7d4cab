import { relative } from 'node:path'

/** What a person sees in the terminal: one line an event, aligned, quiet when all is well (look.md). */
export interface Screen {
  header(version: string, environment: string, folder: string): void
  /** `postgres   18.4   ready in 0.9 s`, or two names with a value each. */
  part(name: string, value: string, secondName?: string, secondValue?: string): void
  /** Something that is worth knowing about a part; the word is coloured on a terminal. */
  event(name: string, text: string): void
  warning(name: string, text: string): void
  /** Replaces itself on a terminal; elsewhere only its first line is printed. */
  progress(name: string, text: string): void
  line(text: string): void
  refusal(text: string): void
}

interface Terminal {
  write(text: string): unknown
  isTTY?: boolean
}

const NAME_WIDTH = 10
const VALUE_WIDTH = 30
const SECOND_NAME_WIDTH = 8
const CLEAR_LINE = '\r\x1b[2K'
const AMBER = '\x1b[33m'
const PLAIN = '\x1b[39m'

export function openScreen(out: Terminal, err: Terminal): Screen {
  let isProgressing = false
  const print = (text: string) => {
    out.write(`${isProgressing && out.isTTY ? CLEAR_LINE : ''}  ${text.trimEnd()}\n`)
    isProgressing = false
  }
  const event = (name: string, text: string) => print(`${name.padEnd(NAME_WIDTH)} ${oneLine(text)}`)
  return {
    header: (version, environment, folder) => print(`holdfast ${version} · ${environment} · data ${shortPath(folder)}`),
    part: (name, value, secondName = '', secondValue = '') =>
      print(
        `${name.padEnd(NAME_WIDTH)} ${value.padEnd(VALUE_WIDTH)} ${secondName.padEnd(SECOND_NAME_WIDTH)} ${secondValue}`,
      ),
    event,
    warning: (name, text) => event(name, out.isTTY ? `${AMBER}${oneLine(text)}${PLAIN}` : text),
    progress(name, text) {
      if (out.isTTY) out.write(`${CLEAR_LINE}  ${name.padEnd(NAME_WIDTH)} ${text}`)
      else if (!isProgressing) out.write(`  ${name.padEnd(NAME_WIDTH)} ${text}\n`)
      isProgressing = true
    },
    line: print,
    refusal(text) {
      if (isProgressing && out.isTTY) out.write(CLEAR_LINE)
      for (const line of text.split('\n')) err.write(`holdfast: ${line}\n`)
    },
  }
}

/** A child's message must not draw on the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\x00-\x08\x0a-\x1a\x1c-\x1f\x7f]+/g, ' ')
}

function shortPath(folder: string): string {
  const near = relative(process.cwd(), folder)
  return near.startsWith('..') ? folder : near || '.'
}

import { type Command, EXIT, refuse } from '../command.ts'
import { ask, printable } from './ask.ts'
import { type Connection, findConnection } from './connection.ts'
import type { Flag, Noun, Verb } from './noun.ts'
import { at, detailOf, tableOf } from './print.ts'
import { type Asked, isList, readWords } from './read-words.ts'

/** Pages of `--all`: with 200 rows each, 100 000 rows. Whoever wants more wants an export. */
const PAGES_MAX = 500

/** A noun's table as a command: `holdfast tokens create --name … --scopes …`. */
export function commandOf(name: string, noun: Noun): Command {
  return {
    summary: noun.summary,
    usage: `<${Object.keys(noun.verbs).join('|')}> … [--json]`,
    help: `${noun.help.split('\n\n')[0]}\n\n${verbsOf(noun)}\n\n${noun.help.split('\n\n').slice(1).join('\n\n')}`,
    async run(words) {
      const { word, rest } = verbIn(noun, words)
      const verb = Object.hasOwn(noun.verbs, word) ? noun.verbs[word] : undefined
      if (!verb)
        return refuse(`${name} needs a verb: ${Object.keys(noun.verbs).join(', ')}. See "holdfast ${name} --help".`)
      const read = readWords(`${name} ${word}`, verb, rest)
      if (read.outcome === 'refused') return refuse(read.line)
      const found = findConnection()
      if (found.outcome === 'refused') return refuse(found.line)
      return verb.run ? verb.run(found.connection, read.asked) : carryOut(found.connection, noun, verb, read.asked)
    },
  }
}

/** Of one word, or of two: `policy set`. */
function verbIn({ verbs, verbAlone }: Noun, words: readonly string[]): { word: string; rest: readonly string[] } {
  const [first = '', second = '', ...rest] = words
  const two = `${first} ${second}`
  if (Object.hasOwn(verbs, two)) return { word: two, rest }
  if (verbAlone !== undefined && (first === '' || first.startsWith('--'))) return { word: verbAlone, rest: words }
  return { word: first, rest: words.slice(1) }
}

async function carryOut(connection: Connection, noun: Noun, verb: Verb, asked: Asked): Promise<number> {
  const rows: unknown[] = []
  let { path } = asked
  for (let page = 1; ; page++) {
    const answered = await ask(connection, { ...asked, path })
    if (answered.outcome === 'failed') {
      process.stderr.write(`holdfast: ${answered.line}\n`)
      return answered.exit
    }
    const { body, text } = answered
    if (!isList(verb)) return printOne(noun, verb, asked, { body, text })
    const { data, next_cursor: next } = body as { data: unknown[]; next_cursor: string | null }
    rows.push(...data)
    const notice = verb.notice?.(body)
    if (!asked.isAll || next === null || page === PAGES_MAX) return printRows(noun, verb, asked, { rows, next, notice })
    path = withCursor(asked.path, next)
  }
}

function printRows(
  noun: Noun,
  verb: Verb,
  { isJson }: Asked,
  { rows, next, notice }: { rows: unknown[]; next: string | null; notice: string | undefined },
) {
  if (isJson) process.stdout.write(`${JSON.stringify({ data: rows, next_cursor: next }, null, 2)}\n`)
  else {
    process.stdout.write(tableOf(verb.columns ?? noun.columns, rows))
    // Beside the table, so that a pipe reads rows and nothing else.
    if (notice !== undefined) process.stderr.write(`${printable(notice)}\n`)
    else if (rows.length === 0) process.stderr.write('There is none.\n')
    if (next !== null) process.stderr.write(`There are more: --cursor ${next}, or --all.\n`)
  }
  return EXIT.done
}

function printOne(noun: Noun, verb: Verb, { isJson }: Asked, { body, text }: { body: unknown; text: string }): number {
  if (verb.isDocument) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  else if (isJson) process.stdout.write(body === undefined ? '{}\n' : `${JSON.stringify(body, null, 2)}\n`)
  else if (body === undefined) process.stdout.write('Done.\n')
  else if (verb.list) {
    process.stdout.write(tableOf(verb.columns ?? noun.columns, at(body, verb.list) as unknown[]))
    const notice = verb.notice?.(body)
    if (notice !== undefined) process.stderr.write(`${printable(notice)}\n`)
  } else {
    process.stdout.write(detailOf(verb.row ? at(body, verb.row) : body))
    if (verb.secret)
      process.stdout.write(`\n${String(at(body, verb.secret))}\n\nShown this once: keep it where secrets are kept.\n`)
  }
  return EXIT.done
}

function withCursor(path: string, cursor: string): string {
  const [address, query] = path.split('?') as [string, string | undefined]
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${address}?${parameters}`
}

/** Below it the summaries of most nouns stand under each other. */
const WIDTH_LEAST = 28

function verbsOf({ verbs }: Noun): string {
  const told = Object.entries(verbs).map(([word, verb]) => {
    const inAddress = [...verb.line.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    const places = [...inAddress, ...Object.keys(verb.words ?? {})].map((word) => `<${word}>`)
    return { head: [word, ...places].join(' '), verb }
  })
  const width = Math.max(WIDTH_LEAST, ...told.map(({ head }) => head.length))
  return told
    .map(({ head, verb }) => {
      const all: [string, Flag][] = isList(verb)
        ? [['all', { means: 'every page, 100 000 rows at most', kind: 'yes' }]]
        : []
      const flags = [...Object.entries(verb.flags ?? {}), ...all].map((flag) => toldFlag(flag, width))
      return [`  ${head.padEnd(width)} ${verb.summary}`, ...flags].join('\n')
    })
    .join('\n')
}

function toldFlag([flag, { kind, means, isRequired }]: [string, Flag], width: number): string {
  const value = kind === 'yes' ? '' : ' …'
  return `  ${`    --${flag}${value}`.padEnd(width)} ${means}${isRequired ? ' (needed)' : ''}`
}

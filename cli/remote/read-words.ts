import type { Flag, Verb } from './noun.ts'

export interface Asked {
  method: string
  /** With the words in their places and the query. */
  path: string
  body: Record<string, unknown> | undefined
  isJson: boolean
  isAll: boolean
}

export type ReadWords = { outcome: 'ok'; asked: Asked } | { outcome: 'refused'; line: string }

const refused = (line: string): ReadWords => ({ outcome: 'refused', line })

/** What stands behind a verb; what it does not know, it says instead of ignoring it. */
export function readWords(name: string, verb: Verb, words: readonly string[]): ReadWords {
  const [method, pattern] = verb.line.split(' ') as [string, string]
  const flags = verb.flags ?? {}
  const given: Record<string, unknown> = {}
  const places: string[] = []
  let isJson = false
  let isAll = false
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === '--json') isJson = true
    else if (word === '--all' && isList(verb)) isAll = true
    else if (word.startsWith('--')) {
      const flag = word.slice(2)
      const known = Object.hasOwn(flags, flag) ? flags[flag] : undefined
      if (!known) return refused(`${name} has no option "${word}": see "holdfast ${name.split(' ')[0]} --help".`)
      const read = readFlag(flag, known, known.kind === 'yes' ? undefined : words[++at])
      if ('line' in read) return refused(`${name}: ${read.line}`)
      given[known.name ?? flag.replaceAll('-', '_')] = read.value
    } else places.push(word)
  }

  const missing = Object.entries(flags).find(
    ([flag, { isRequired, name: other }]) => isRequired && given[other ?? flag.replaceAll('-', '_')] === undefined,
  )
  if (missing) return refused(`${name} needs --${missing[0]}: ${missing[1].means}.`)
  const inAddress = [...pattern.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
  const names = [...inAddress, ...Object.keys(verb.words ?? {})]
  if (places.length !== names.length) {
    const wanted = names.length === 0 ? 'no word behind it' : names.map((each) => `<${each}>`).join(' ')
    return refused(`${name} takes ${wanted}; it was given ${places.length === 0 ? 'none' : places.join(' ')}.`)
  }
  let next = 0
  const filled = pattern.replace(/\{\w+\}/g, () => encodeURIComponent(places[next++]!))
  for (const [word, flag] of Object.entries(verb.words ?? {})) {
    const read = readFlag(word, flag, places[next++])
    if ('line' in read) return refused(`${name}: ${read.line}`)
    given[word] = read.value
  }
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const query = hasBody ? '' : queryOf(given)
  return { outcome: 'ok', asked: { method, path: filled + query, body: hasBody ? given : undefined, isJson, isAll } }
}

export const isList = (verb: Verb) => Object.hasOwn(verb.flags ?? {}, 'cursor')

function readFlag(
  flag: string,
  { kind = 'text' }: Flag,
  text: string | undefined,
): { value: unknown } | { line: string } {
  if (kind === 'yes') return { value: true }
  if (text === undefined) return { line: `--${flag} needs a value.` }
  if (kind === 'number') {
    return /^-?\d{1,15}(\.\d{1,6})?$/.test(text)
      ? { value: Number(text) }
      : { line: `--${flag} must be a number; it is "${text}".` }
  }
  if (kind === 'list')
    return {
      value: text
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean),
    }
  if (kind === 'text') return { value: text }
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { line: `--${flag} must be JSON, such as '{"name": "Acme"}'.` }
  }
}

function queryOf(given: Record<string, unknown>): string {
  const query = new URLSearchParams(
    Object.entries(given).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return query.size === 0 ? '' : `?${query}`
}

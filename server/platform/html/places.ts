/** Where a value stands decides how it is escaped: between tags, inside a tag, in a quoted attribute, or in a URL. */
export type Place = 'content' | 'tag' | 'attribute' | 'url'

/** Attributes whose value a browser follows. */
const URL_ATTRIBUTES = new Set(['href', 'src', 'action', 'formaction', 'poster', 'cite', 'data', 'ping', 'xlink:href'])

export function isUrlAttribute(name: string): boolean {
  return URL_ATTRIBUTES.has(name)
}

/** No escaping makes a value safe there: the text is a program or a style sheet, or holds whole documents. */
export const UNSAFE_ATTRIBUTE = /^(on.*|style|srcdoc|srcset)$/
const UNSAFE_ELEMENT = /^(script|style|iframe|xmp|plaintext)$/

/** Where the reader of a template is between two holes. */
interface State {
  at: 'content' | 'comment' | 'program' | 'tag' | 'value'
  element: string
  attribute: string
  quote: string
  /** What the attribute holds so far; a hole counts as one character. */
  value: string
}

/** Reads a template once and answers the place of each hole; throws on a hole where nothing would be safe. */
export function placesOf(strings: readonly string[]): Place[] {
  const state: State = { at: 'content', element: '', attribute: '', quote: '', value: '' }
  const places: Place[] = []
  for (const [index, text] of strings.entries()) {
    for (let at = 0; at < text.length; ) at += read(state, text.slice(at))
    const following = strings[index + 1]
    if (following !== undefined) places.push(placeAfter(state, text, following))
  }
  if (state.at !== 'content') throw new TypeError(`a template ends inside a ${state.at}: ${strings.at(-1)}`)
  return places
}

function placeAfter(state: State, text: string, following: string): Place {
  const { at, attribute, value } = state
  if (at === 'comment' || at === 'program') throw new TypeError(`no value may stand in a ${at}`)
  if (at === 'content') {
    if (/<[/!]?$/.test(text)) throw new TypeError('the names of tags are written out')
    return 'content'
  }
  if (at === 'tag') {
    if (!/\s$/.test(text)) throw new TypeError(`a value in a tag stands in quotes or alone: ${text}`)
    return 'tag'
  }

  if (UNSAFE_ATTRIBUTE.test(attribute)) throw new TypeError(`no value may stand in ${attribute}=""`)
  state.value += '?'
  if (!isUrlAttribute(attribute) || value !== '') return 'attribute'
  // Two holes side by side could spell "java" and "script:" together, each harmless alone.
  if (!following.startsWith(state.quote))
    throw new TypeError(`${attribute}="" takes one whole URL, or one with a written beginning`)
  return 'url'
}

/** Reads one thing and answers how long it was. */
function read(state: State, rest: string): number {
  if (state.at === 'content') return readContent(state, rest)
  if (state.at === 'tag') return readTag(state, rest)

  const stop = { comment: '-->', program: `</${state.element}`, value: state.quote }[state.at]
  const end = rest.toLowerCase().indexOf(stop)
  state.value += end < 0 ? rest : rest.slice(0, end)
  if (end < 0) return rest.length
  state.at = state.at === 'comment' ? 'content' : 'tag'
  if (stop.startsWith('</')) state.element = ''
  return end + stop.length
}

function readContent(state: State, rest: string): number {
  if (rest.startsWith('<!--')) {
    state.at = 'comment'
    return 4
  }
  const tag = rest.match(/^<\/?([a-z][a-z0-9-]*)/i)
  if (tag) {
    state.at = 'tag'
    state.element = rest[1] === '/' ? '' : tag[1]!.toLowerCase()
    return tag[0].length
  }
  const next = rest.indexOf('<', 1)
  return next < 0 ? rest.length : next
}

function readTag(state: State, rest: string): number {
  if (rest.startsWith('>')) {
    state.at = UNSAFE_ELEMENT.test(state.element) ? 'program' : 'content'
    return 1
  }
  const opened = rest.match(/^([^\s"'<>/=]+)\s*=\s*(["'])/)
  if (opened) {
    Object.assign(state, { at: 'value', attribute: opened[1]!.toLowerCase(), quote: opened[2], value: '' })
    return opened[0].length
  }
  return rest.match(/^[^\s"'<>/=]+/)?.[0].length ?? 1
}

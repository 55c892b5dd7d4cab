export type Context = Record<string, unknown>

/** What somebody typed, or why it is no context. */
export function readContext(text: string): { context: Context } | { wrong: string } {
  let read: unknown
  try {
    read = text.trim() === '' ? {} : JSON.parse(text)
  } catch (error) {
    return { wrong: `This is not JSON: ${error instanceof Error ? error.message : String(error)}.` }
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    return { wrong: 'Write an object: {"targetingKey": "usr_1"}.' }
  }
  return { context: read as Context }
}

/** `organisation.seats` is looked up step by step, as a rule does. */
export function valueAt(context: Context, path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    return isThere ? (value as Context)[step] : undefined
  }, context)
}

/** With one attribute set, or, if nothing was typed, without it. */
export function withValue(context: Context, path: string, text: string): Context {
  const [first = '', ...rest] = path.split('.')
  const { [first]: before, ...others } = context
  if (rest.length > 0) {
    const inner = typeof before === 'object' && before !== null ? (before as Context) : {}
    const next = withValue(inner, rest.join('.'), text)
    return Object.keys(next).length === 0 ? others : { ...context, [first]: next }
  }
  return text === '' ? others : { ...context, [first]: asMeant(path, text) }
}

/** A field holds 41 and true as they are meant in rules; in quotes, and as the key, it is text. */
function asMeant(path: string, text: string): unknown {
  if (path === 'targetingKey') return text
  if (/^(true|false|-?\d+(\.\d+)?)$/.test(text)) return JSON.parse(text)
  return /^".*"$/.test(text) ? text.slice(1, -1) : text
}

/** The same as it stands in a field. */
export function fieldText(path: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'object') return JSON.stringify(value)
  const text = String(value)
  return typeof value === 'string' && asMeant(path, text) !== text ? `"${text}"` : text
}

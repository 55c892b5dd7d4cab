export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  /** Under which a connection keeps it parsed and planned; undefined: it is parsed each time. */
  readonly name?: string
}

/** The pieces between the values; kept apart, so that a `$1` inside a text constant is never taken for a parameter. */
const piecesOf = new WeakMap<object, readonly string[]>()

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && piecesOf.has(value)

/** The only way to write SQL: values become parameters, a nested `sql` is spliced in. */
export function sql(strings: TemplateStringsArray, ...holes: unknown[]): Statement {
  const pieces = [strings[0]!]
  const values: unknown[] = []
  const goOn = (text: string) => {
    pieces[pieces.length - 1] += text
  }
  holes.forEach((hole, index) => {
    if (isStatement(hole)) {
      const [first, ...others] = piecesOf.get(hole)!
      goOn(first!)
      pieces.push(...others)
      values.push(...hole.values)
    } else {
      // PostgreSQL knows null only, and a forgotten value must not become one.
      if (hole === undefined) throw new TypeError(`the value after "${strings[index]!.trim().slice(-40)}" is undefined`)
      values.push(hole)
      pieces.push('')
    }
    goOn(strings[index + 1]!)
  })
  const text = pieces.reduce((whole, piece, index) => `${whole}$${index}${piece}`)
  const statement: Statement = Object.freeze({ text, values: Object.freeze(values) })
  piecesOf.set(statement, pieces)
  return statement
}

/** A name stands for a place in our source, of which there are some dozens; more would fill every connection's memory. */
const NAMES_MAX = 500
const nameOf = new Map<string, string>()

/**
 * Parsed and planned once a connection, not each time: half of what a small statement costs the server. Only for a text
 * that is always the same, and whose best plan does not depend on its values.
 */
export function prepared(statement: Statement): Statement {
  const { text, values } = statement
  let name = nameOf.get(text)
  if (name === undefined && nameOf.size < NAMES_MAX) nameOf.set(text, (name = `holdfast ${nameOf.size}`))
  return name === undefined ? statement : Object.freeze({ text, values, name })
}

/** Words by which a statement changes something, or holds something back from others. */
const CHANGING = /\b(insert|update|delete|merge|truncate|lock|nextval|setval|for\s+(key\s+)?share)\b/i

/** Errs to the side of "yes": a fence too many costs a millisecond, one too few a row written after its deadline. */
export function mayChange(statement: Statement): boolean {
  return CHANGING.test(statement.text)
}

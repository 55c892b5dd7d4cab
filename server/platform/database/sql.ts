export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
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

/** Words by which a statement changes something, or holds something back from others. */
const CHANGING = /\b(insert|update|delete|merge|truncate|lock|nextval|setval|for\s+(key\s+)?share)\b/i

/** Errs to the side of "yes": a fence too many costs a millisecond, one too few a row written after its deadline. */
export function mayChange(statement: Statement): boolean {
  return CHANGING.test(statement.text)
}

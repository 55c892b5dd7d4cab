export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && 'text' in value && 'values' in value && statements.has(value)
const statements = new WeakSet<object>()

/** The only way to write SQL: values become parameters, a nested `sql` is spliced in. */
export function sql(strings: TemplateStringsArray, ...holes: unknown[]): Statement {
  let text = strings[0]!
  const values: unknown[] = []
  holes.forEach((hole, index) => {
    if (isStatement(hole)) {
      text += hole.text.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + values.length}`)
      values.push(...hole.values)
    } else {
      values.push(hole)
      text += `$${values.length}`
    }
    text += strings[index + 1]!
  })
  const statement = { text, values }
  statements.add(statement)
  return statement
}

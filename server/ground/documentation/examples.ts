import { type Located, type Schema, schemaOf } from './open-api.ts'
import { callerOf } from './callers.ts'

/** A value that fits the schema: what the schema itself gives as an example, and otherwise the plainest. */
export function exampleOf(schema: Schema): unknown {
  if (schema.examples?.length) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return exampleOf(schema.anyOf[0] ?? {})
  if (schema.type === 'array') return [exampleOf(schema.items ?? {})]
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([name, inner]) => [name, exampleOf(inner)]))
  }
  const plain = plainest[schema.format ?? schema.type ?? '']
  // Null is a value too.
  return plain === undefined ? {} : plain
}

const plainest: Record<string, unknown> = {
  string: 'text',
  'date-time': '2026-11-21T10:42:30.000Z',
  integer: 1,
  number: 1,
  boolean: true,
  null: null,
}

/** A line for a terminal that does what the operation does. The cookies that one call sets, the next one sends. */
export function curlOf(operation: Located, origin: string): string {
  const { method, parameters = [], responses = {} } = operation
  const body = schemaOf(operation.requestBody?.content)
  const isStream = Object.values(responses).some(({ content }) => content?.['text/event-stream'])
  const words = [
    // --json is a POST already.
    ...(method === 'GET' || (method === 'POST' && body) ? [] : [`--request ${method}`]),
    ...(isStream ? ['--no-buffer'] : []),
    quoted(`${origin}${filled(operation.path, parameters)}`),
  ]
  const lines = [
    `curl ${words.join(' ')}`,
    ...callerOf(operation.security).curl,
    ...(body ? [`--json ${quoted(JSON.stringify(exampleOf(onlyRequired(body.schema))))}`] : []),
  ]
  return lines.join(' \\\n  ')
}

/** The address with an example in each place. What is optional is left out. */
function filled(path: string, parameters: NonNullable<Located['parameters']>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const { schema, example } = parameters.find((each) => each.in === 'path' && each.name === name) ?? {}
    return encodeURIComponent(String(example ?? exampleOf(schema ?? { type: 'string' })))
  })
}

function onlyRequired(schema: Schema): Schema {
  const { properties = {}, required = [] } = schema
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => required.includes(name))),
  }
}

/** For any shell of POSIX: nothing inside is read by it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

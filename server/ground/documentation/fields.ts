import type { Parameter, Schema } from './open-api.ts'

/** One line of a table that shows a shape: a field, how deep it lies, and what may stand in it. */
export interface Field {
  name: string
  depth: number
  type: string
  isOptional: boolean
  meaning: string
}

/** Deeper shapes are cut off: ours have four levels, and a schema that held itself would never end. */
const DEPTH_MAX = 6

/** The fields of a shape, each followed by those inside it. A shape that is no object has none. */
export function fieldsOf(schema: Schema, depth = 0): Field[] {
  if (depth > DEPTH_MAX) return []
  const { properties = {}, required = [] } = objectIn(schema) ?? {}
  return Object.entries(properties).flatMap(([name, inner]) => [
    {
      name,
      depth,
      type: typeOf(inner),
      isOptional: !required.includes(name),
      meaning: [inner.description, boundsOf(inner)].filter(Boolean).join(' '),
    },
    ...fieldsOf(inner, depth + 1),
  ])
}

/** What stands in the address or a header, as a line of the same table. */
export function fieldOf({ name, required, description, schema = {} }: Parameter): Field {
  const meaning = [description ?? schema.description, boundsOf(schema)].filter(Boolean).join(' ')
  return { name, depth: 0, type: typeOf(schema), isOptional: required !== true, meaning }
}

/** The object that a shape holds: itself, each item of a list, or what it is when it is not null. */
export function objectIn(schema: Schema): Schema | undefined {
  if (schema.properties) return schema
  if (schema.items) return objectIn(schema.items)
  const [only, ...others] = (schema.anyOf ?? []).filter((each) => each.type !== 'null')
  return only && others.length === 0 ? objectIn(only) : undefined
}

/** In words: `text or null`, `list of objects`, `"live", "ended" or "all"`. */
export function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return inWords(schema.enum.map((value) => JSON.stringify(value)))
  if (schema.anyOf) return inWords(schema.anyOf.map(typeOf))
  if (schema.type === 'array') return `list of ${plural(typeOf(schema.items ?? {}))}`
  if (schema.type === 'string' && schema.format) return formats[schema.format] ?? 'text'
  return types[schema.type ?? ''] ?? 'anything'
}

const types: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'object',
  null: 'null',
}
const formats: Record<string, string> = { 'date-time': 'time', uri: 'URL', email: 'e-mail address' }

const plural = (type: string) => (/^(object|text|time|number|whole number)$/.test(type) ? `${type}s` : type)

function inWords(all: readonly string[]): string {
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`
}

function boundsOf({ type, minimum, maximum, maxLength, default: usual }: Schema): string {
  const bounds = [
    ...(minimum !== undefined && maximum !== undefined ? [`${minimum} to ${maximum}.`] : []),
    ...(type === 'string' && maxLength !== undefined ? [`At most ${maxLength} characters.`] : []),
    ...(usual === undefined ? [] : [`${JSON.stringify(usual)} when it is left out.`]),
  ]
  return bounds.join(' ')
}

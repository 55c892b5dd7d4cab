import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { isForm } from './bodies.ts'

/** More than these say nothing new about a request. */
const ERRORS_MAX = 5

/**
 * Holds what came against its schema. JSON is taken as it is: `5` is not `"5"`, and null is not the empty text.
 * Addresses and forms are text by nature, so that there `5` is the number that the schema asks for.
 */
export const checkShapes: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const shape = Compile(schema)
  return (given) => {
    const isText = httpPart !== 'body' || isForm(given)
    const value = isText ? readTexts(schema, given as Record<string, unknown>) : given
    if (shape.Check(value)) return { value }
    return { error: shape.Errors(value).slice(0, ERRORS_MAX) as unknown as FastifySchemaValidationError[] as never }
  }
}

/** Only what is written as the value itself would be: `5` and `true`; never the empty text as 0, or `05` as 5. */
function readTexts(schema: TSchema, given: Record<string, unknown>): Record<string, unknown> {
  const read = Value.Convert(schema, { ...given }) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => [name, String(read[name]) === text ? read[name] : text]),
  )
}

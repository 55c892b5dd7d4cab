import type { FastifySchemaCompiler, FastifySchemaValidationError } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

/** More than these say nothing new about a request. */
const ERRORS_MAX = 5

/**
 * Holds what came against its schema. A body is taken as it is: `5` is not `"5"`, and null is not the empty text.
 * Addresses are text by nature, so that there `"5"` is the number that the schema asks for.
 */
export const checkShapes: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const shape = Compile(schema)
  return (given) => {
    const value = httpPart === 'body' ? given : Value.Convert(schema, given)
    if (shape.Check(value)) return { value }
    return { error: shape.Errors(value).slice(0, ERRORS_MAX) as unknown as FastifySchemaValidationError[] as never }
  }
}

import { type TSchema, Type } from 'typebox'

/** Shapes that every feature's answers are made of. */
export const Time = (description: string) => Type.String({ format: 'date-time', description })

/** With the description and the examples of what it is when it is not null. */
export function orNull<const Schema extends TSchema>(schema: Schema) {
  const { description, examples } = schema as { description?: string; examples?: unknown[] }
  return Type.Union([schema, Type.Null()], { ...(description && { description }), ...(examples && { examples }) })
}

/** RFC 9457, as every refusal is written; its `code` says which one it is. */
export const ProblemShape = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'Where this code is explained.' }),
    title: Type.String({ description: 'What the status means.', examples: ['Bad request'] }),
    status: Type.Integer({ description: 'The status, once more.', examples: [400] }),
    code: Type.String({ description: 'Stable; what a program goes by.', examples: ['request.invalid'] }),
    detail: Type.String({ description: 'A sentence for people that says what to do.' }),
  },
  { additionalProperties: true, description: 'A problem document (RFC 9457).' },
)

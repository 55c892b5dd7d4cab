/** What is read of an OpenAPI 3.1 document; the rest of it is left alone. */
export interface OpenApi {
  info: { title: string; version: string; description?: string }
  tags?: readonly { name: string; description?: string }[]
  paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

export interface Operation {
  operationId: string
  summary?: string
  description?: string
  tags?: readonly string[]
  security?: Security
  parameters?: readonly Parameter[]
  requestBody?: { content?: Content }
  responses?: Readonly<Record<string, Answer>>
}

/** Any one of the list is enough, and of one all schemes are needed. */
export type Security = readonly Readonly<Record<string, readonly string[]>>[]

export interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  example?: unknown
  schema?: Schema
}

export interface Answer {
  description?: string
  content?: Content
}
type Content = Readonly<Record<string, { schema?: Schema }>>

/** JSON Schema, as far as our shapes go. */
export interface Schema {
  type?: string
  format?: string
  description?: string
  properties?: Readonly<Record<string, Schema>>
  patternProperties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  items?: Schema
  anyOf?: readonly Schema[]
  const?: unknown
  enum?: readonly unknown[]
  default?: unknown
  examples?: readonly unknown[]
  minimum?: number
  maximum?: number
  maxLength?: number
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** The first schema of a content, whatever its media type. */
export function schemaOf(content: Content | undefined): { mediaType: string; schema: Schema } | undefined {
  const [mediaType, entry] = Object.entries(content ?? {})[0] ?? []
  return mediaType && entry?.schema ? { mediaType, schema: entry.schema } : undefined
}

export interface Located extends Operation {
  method: string
  path: string
}

/** All operations in the order of the document, with their addresses. */
export function operationsOf(document: OpenApi): Located[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  )
}

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete'])

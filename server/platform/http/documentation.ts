import fastifySwagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'

export interface DocumentationOptions {
  title: string
  version: string
  description: string
  /** What the words mean by which routes are grouped. */
  tags?: readonly { name: string; description: string }[]
  /** Everything that a route's `security` names. */
  securitySchemes?: Readonly<Record<string, object>>
}

/** OpenAPI from the schemas that the routes themselves are held against. */
export async function addDocumentation(app: FastifyInstance, origin: string, options: DocumentationOptions) {
  const { title, version, description, tags = [], securitySchemes = {} } = options
  const openapi = {
    openapi: '3.1.0',
    info: { title, version, description },
    servers: [{ url: origin }],
    tags,
    components: { securitySchemes },
  } as FastifyDynamicSwaggerOptions['openapi']
  await app.register(fastifySwagger, { openapi })
  app.get('/openapi.json', { schema: { hide: true }, exposeHeadRoute: true }, async () => app.swagger())
}

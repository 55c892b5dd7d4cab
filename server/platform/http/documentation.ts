import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import type { ListedRefusal } from '../refusal.ts'
import { PROBLEMS_PATH } from './problem.ts'
import { problemsPage, problemsStyle } from './problems-page.ts'
import { platformRefusals } from './refusals.ts'
import { pagePolicy } from './security-headers.ts'

export interface DocumentationOptions {
  title: string
  version: string
  description: string
  /** The tables of all features, so that every `code` is explained; the platform's own are added. */
  refusals?: readonly ListedRefusal[]
}

/** OpenAPI from the schemas that the routes themselves are held against; readable at /docs. */
export async function addDocumentation(app: FastifyInstance, origin: string, options: DocumentationOptions) {
  const { title, version, description, refusals = [] } = options
  await app.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title, version, description }, servers: [{ url: origin }] },
  })
  await app.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: true, theme: { title } })

  const page = problemsPage(title, [...platformRefusals, ...refusals])
  const hidden = { schema: { hide: true }, exposeHeadRoute: true }
  app.get('/openapi.json', hidden, async () => app.swagger())
  app.get(PROBLEMS_PATH, hidden, (_request, reply) =>
    reply.header('content-security-policy', pagePolicy()).type('text/html; charset=utf-8').send(page),
  )
  app.get(`${PROBLEMS_PATH}.css`, hidden, (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(problemsStyle),
  )
}

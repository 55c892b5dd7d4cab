import type { FastifyInstance } from 'fastify'

/** On a free port of loopback; resolves with its origin. */
export async function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ host: '127.0.0.1', port: 0 })
}

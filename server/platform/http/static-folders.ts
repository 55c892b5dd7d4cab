import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Problem, problem } from './problem.ts'
import type { Call } from './route.ts'

/** A folder of built files under a prefix. With `page`, unknown paths get that file: a client-side router has them. */
export interface Folder {
  prefix: string
  folder: string
  page?: string
  policy: string
}

/** Hashed names may be kept for ever; the others are asked for again each time. */
const HASHED = /-[\w-]{8,}\.\w+$/

export async function serveFolders(
  app: FastifyInstance,
  folders: readonly Folder[],
  readCall: (request: FastifyRequest) => Call,
  renderProblem: (said: Problem, call: Call) => string,
): Promise<void> {
  for (const each of folders) {
    await app.register(async (scope) => serveFolder(scope, each, readCall, renderProblem), { prefix: each.prefix })
    // What people type has no slash at its end, and a page's relative files need it.
    const bare = each.prefix.replace(/\/$/, '')
    if (each.page) app.get(bare, { schema: { hide: true } }, (_request, reply) => reply.redirect(each.prefix, 308))
  }
}

async function serveFolder(
  scope: FastifyInstance,
  { folder, page, policy }: Folder,
  readCall: (request: FastifyRequest) => Call,
  renderProblem: (said: Problem, call: Call) => string,
): Promise<void> {
  await scope.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    wildcard: true,
    index: page ? [page] : false,
    redirect: false,
    cacheControl: false,
    setHeaders(response, path) {
      response.header('content-security-policy', policy)
      response.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  scope.setNotFoundHandler((request, reply) => {
    const isFile = /\.\w+$/.test((request.raw.url ?? '').split('?', 1)[0]!)
    if (page && !isFile && existsSync(join(folder, page))) return reply.sendFile(page)
    const sentence = page ? 'The console is not built here. Run "npm run build".' : 'There is no such file.'
    const nothing = problem(404, 'request.not_found', sentence)
    return reply
      .code(404)
      .type('text/html; charset=utf-8')
      .send(renderProblem(nothing, readCall(request)))
  })
}

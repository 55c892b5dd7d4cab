import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { type RouteParts, sendProblemPage } from './add-routes.ts'
import { refuse } from './refusals.ts'

/** A folder of built files under a prefix. With `page`, unknown paths get that file: a client-side router has them. */
export interface Folder {
  prefix: string
  folder: string
  page?: string
  policy: string
}

/** Hashed names may be kept for ever; the others are asked for again each time. */
const HASHED = /-[\w-]{8,}\.\w+$/

export async function serveFolders(app: FastifyInstance, folders: readonly Folder[], parts: RouteParts): Promise<void> {
  for (const folder of folders) {
    await app.register(async (scope) => serveFolder(scope, folder, parts), { prefix: folder.prefix })
  }
}

async function serveFolder(scope: FastifyInstance, { folder, page, policy }: Folder, parts: RouteParts): Promise<void> {
  await scope.register(fastifyStatic, {
    root: folder,
    prefix: '/',
    wildcard: true,
    index: page ? [page] : false,
    dotfiles: 'ignore',
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
    const said = parts.problemOf(refuse(page && !isFile ? 'not_built' : 'no_file'), 'a folder')
    return sendProblemPage(request, reply, { said, call: parts.readCall(request, reply), parts })
  })
}

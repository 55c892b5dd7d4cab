import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { Type } from 'typebox'
import type { Answer } from './answer.ts'
import { crossOriginHeaders, preflightHeaders } from './cross-origin.ts'
import { readKeptBody } from './fast-bodies.ts'
import type { Problem } from './problem.ts'
import type { ReadCall } from './read-call.ts'
import { refuse } from './refusals.ts'
import { documentedAnswers } from './documented-answers.ts'
import type { Call, Route } from './route.ts'
import { assertSameOrigin } from './same-origin.ts'
import { headersOf, type Send } from './send-answer.ts'

export interface RouteParts {
  readCall: ReadCall
  send: Send
  problemOf(error: unknown, route: string): Problem
  /** Refusals of page routes, for people. */
  renderProblem(said: Problem, call: Call): string
}

/** The features' tables become routes; each address also knows what it does not answer. */
export function addRoutes(app: FastifyInstance, routes: readonly Route[], parts: RouteParts): void {
  for (const route of routes) addRoute(app, route, parts)
  for (const [path, there] of Map.groupBy(routes, (route) => route.path)) refuseOtherMethods(app, path, there, parts)
}

/** Its form is judged where it is used, so that a bad one is refused by its own name. */
const IdempotencyHeader = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      description:
        'Your own mark of this request, 1 to 255 visible ASCII characters. Sent again within a day it changes nothing and gets the first answer; with another body it is refused.',
      examples: ['7f8c6c1e-5a53-4f0e-8a3f-3a1f0d0c9b11'],
    }),
  ),
})

const pattern = (path: string) => path.replace(/\{(\w+)\}/g, ':$1')

function addRoute(app: FastifyInstance, route: Route, parts: RouteParts): void {
  const { kind = 'api', guard, summary, description, tag, body, query, params } = route.options
  const schema: FastifySchema = {
    operationId: operationId(route),
    summary,
    ...(description && { description }),
    tags: [tag],
    security: guard?.security ?? route.options.security ?? [],
    hide: kind === 'page' || route.options.isAlias === true,
    ...(body && { body }),
    ...(query && { querystring: query }),
    ...(params && { params }),
    ...(route.options.isIdempotent && { headers: IdempotencyHeader }),
    response: documentedAnswers(route.options),
  }
  // A form that does not fit is answered like every other refusal of its route.
  const { bodyBytesMax: bodyLimit } = route.options
  const common = {
    url: pattern(route.path),
    attachValidation: true,
    handler: handlerOf(route, parts),
    ...(bodyLimit !== undefined && { bodyLimit }),
    ...inOtherWords(route, parts),
    ...toOtherOrigins(route),
    ...(route.options.fast && route.method === 'POST' && { preParsing: readKeptBody }),
  }
  app.route({ ...common, method: route.method as 'GET', schema })
  if (route.method === 'GET') app.route({ ...common, method: 'HEAD', schema: { ...schema, hide: true } })
}

/** `DELETE /v1/sessions/{id}` is `deleteSessionsById`: made of the address, so that it is as stable as that. */
function operationId({ method, path }: Route): string {
  const words = path
    .replace(/^\/v1/, '')
    .replace(/\{(\w+)\}/g, 'by-$1')
    .split(/[^a-z0-9]+/i)
    .filter(Boolean)
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
}

/** What the framework refuses before the handler is asked. */
function inOtherWords(route: Route, parts: RouteParts) {
  if (!route.options.sayRefusal) return {}
  const errorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    sayProblem(request, reply, { route, said: parts.problemOf(error, route.path), parts })
  return { errorHandler }
}

function sayProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  { route, said, parts }: { route: Route; said: Problem; parts: Pick<RouteParts, 'send'> },
): FastifyReply {
  const { sayRefusal } = route.options
  if (!sayRefusal) return parts.send.problem(reply, said)
  const answer = sayRefusal(said, request.params)
  return parts.send.answer(request, reply, { ...answer, headers: { ...headersOf(said), ...answer.headers } })
}

/** Last of all, so that refusals are read by whoever may ask as well. */
function toOtherOrigins({ options: { crossOrigin } }: Route) {
  if (!crossOrigin) return {}
  const onSend = (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (e: null, p: unknown) => void,
  ) => {
    const { vary, ...headers } = crossOriginHeaders(crossOrigin, request.headers.origin)
    const varies = reply.getHeader('vary')
    reply.headers({ ...headers, vary: varies === undefined ? vary : `${varies}, ${vary}` })
    done(null, payload)
  }
  return { onSend }
}

function handlerOf(route: Route, parts: RouteParts) {
  const { guard, kind = 'api', crossOrigin } = route.options
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    let call: Call | undefined
    try {
      call = parts.readCall(request, reply)
      if (!crossOrigin) assertSameOrigin(call)
      if (request.validationError) throw request.validationError
      if (guard) call.actor = await guard(call)
      const answer = await route.handle(call)
      // A stream takes the connection over before the framework's last hook, which says it otherwise.
      if (crossOrigin && answer.kind === 'events') reply.headers(crossOriginHeaders(crossOrigin, call.headers.origin))
      return parts.send.answer(request, reply, answer)
    } catch (error) {
      const said = parts.problemOf(error, route.path)
      return kind === 'page' && call
        ? sendProblemPage(request, reply, { said, call, parts })
        : sayProblem(request, reply, { route, said, parts })
    }
  }
}

export function sendProblemPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { said, call, parts }: { said: Problem; call: Call; parts: Pick<RouteParts, 'send' | 'renderProblem'> },
): FastifyReply {
  const html = parts.renderProblem(said, call)
  const answer: Answer = { kind: 'page', status: said.status, html, headers: headersOf(said) }
  for (const name of ['set-cookie', 'location']) reply.removeHeader(name)
  return parts.send.answer(request, reply, answer)
}

/** 405 with `Allow` where there is something at the address, 404 only where there is nothing. */
function refuseOtherMethods(app: FastifyInstance, path: string, there: readonly Route[], parts: RouteParts): void {
  const allowed = new Set(there.map((route) => route.method))
  if (allowed.has('GET')) allowed.add('HEAD')
  const allow = [...allowed].join(', ')
  const isPage = there.every((route) => route.options.kind === 'page')
  const cross = there.find((route) => route.options.crossOrigin)?.options.crossOrigin
  app.route({
    url: pattern(path),
    method: app.supportedMethods.filter((method) => !allowed.has(method)) as 'GET'[],
    schema: { hide: true },
    // Before the body is read: nobody wants it.
    async onRequest(request, reply) {
      if (request.method === 'OPTIONS') {
        if (cross) reply.headers(preflightHeaders(cross, { origin: request.headers.origin, methods: allow }))
        return reply.code(204).header('allow', allow).send()
      }
      const said = parts.problemOf(refuse('method_not_allowed', { allowed: allow, method: request.method }), path)
      return isPage && wantsPage(request)
        ? sendProblemPage(request, reply, { said, call: parts.readCall(request, reply), parts })
        : parts.send.problem(reply, said)
    },
    handler: (_request, reply) => reply,
  })
}

export const wantsPage = (request: FastifyRequest) =>
  (request.method === 'GET' || request.method === 'HEAD') && (request.headers.accept ?? '').includes('text/html')

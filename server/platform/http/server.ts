import { parseCookie, stringifySetCookie } from 'cookie'
import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import type { Answer, CookieChange } from './answer.ts'
import { readBodies } from './bodies.ts'
import { clientAddress, type ReadForwarded } from './caller.ts'
import { startEvents } from './events.ts'
import { OUTAGE_RETRY_SECONDS, type Problem, problem, problemOf } from './problem.ts'
import type { Call, Route } from './route.ts'
import { assertSameOrigin } from './same-origin.ts'
import { type Folder, serveFolders } from './static-folders.ts'
import { answerUnreadable } from './unreadable.ts'

export interface HttpServerOptions {
  host: string
  port: number
  /** The public origin: what redirects, links and the same-origin check go by. Never the Host header. */
  origin: string
  trustedProxies: readonly string[]
  routes: readonly Route[]
  folders: readonly Folder[]
  readForwarded: ReadForwarded
  /** Refusals of page routes, for people. */
  renderProblem(problem: Problem, call: Call): string
  documentation: { title: string; version: string; description: string }
  clock: Clock
  log: Logger
  onRequest?(seen: { route: string; status: number; ms: number }): void
}

export interface HttpServer extends AsyncDisposable {
  port: number
  url: string
  openApi(): unknown
}

const BODY_BYTES_MAX = 64 * 1024
const URL_PARAMETER_MAX = 2048
const REQUEST_MS = 15_000
const KEEP_ALIVE_MS = 72_000
/** Requests under way get this long to end at a stop. */
const DRAIN_MS = 1500
/** Chromium's own limit for all cookies of a host is far above; more is not ours. */
const COOKIE_HEADER_MAX = 16 * 1024

/** Constant on everything: design §10 keeps helmet off the fast routes, and a constant serves the others as well. */
const securityHeaders = {
  'x-content-type-options': 'nosniff',
  // Not `no-referrer`: under that, browsers send `Origin: null` with our own forms. No path leaves the origin either way.
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
}
/** Chromium holds a redirect after a form against `form-action` too, so that the origin it may lead to is named. */
const pagePolicy = (formActions: readonly string[] = []) =>
  `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: data:; font-src 'self'; form-action ${["'self'", ...formActions].join(' ')}; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'`

export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { clock, log } = options
  const isSecureOrigin = options.origin.startsWith('https:')
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: URL_PARAMETER_MAX },
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: false,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', allErrors: false } },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply as unknown as FastifyReply, problemOf(error, { clock, log, route: 'unread' }))
    },
  })
  // What is answered is what was said: a response schema documents, it does not drop fields.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body))
  readBodies(app)

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    if (isSecureOrigin) reply.header('strict-transport-security', 'max-age=31536000; includeSubDomains')
    ;(request as Timed).startedAt = clock.monotonicMs()
  })
  app.addHook('onResponse', async (request, reply) => {
    const ms = clock.monotonicMs() - ((request as Timed).startedAt ?? clock.monotonicMs())
    // The pattern and never the address: a path can hold a link's token.
    const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`
    options.onRequest?.({ route, status: reply.statusCode, ms })
    log.debug({ route, status: reply.statusCode, ms: Math.round(ms) }, 'answered')
  })
  app.setErrorHandler((error, request, reply) =>
    sendProblem(reply, problemOf(error, { clock, log, route: request.routeOptions.url ?? '' })),
  )
  app.setNotFoundHandler((request, reply) => {
    const nothing = problem(
      404,
      'request.not_found',
      'There is nothing at this address. The list of addresses is at /docs.',
    )
    if (!wantsPage(request)) return sendProblem(reply, nothing)
    return sendAnswer(request, reply, {
      kind: 'page',
      status: 404,
      html: options.renderProblem(nothing, readCall(request)),
    })
  })

  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: options.documentation,
      servers: [{ url: options.origin }],
    },
  })
  await app.register(fastifySwaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    theme: { title: options.documentation.title },
  })
  await serveFolders(app, options.folders, readCall, options.renderProblem)
  app.register(async (scope) => {
    for (const route of options.routes) addRoute(scope, route)
    scope.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  })

  function readCall(request: FastifyRequest): Call {
    const [path] = (request.raw.url ?? '/').split('?', 1) as [string]
    const forwarded = options.readForwarded({
      method: request.method,
      path: request.raw.url ?? '/',
      headers: request.headers,
    })
    const cookieHeader = request.headers.cookie ?? ''
    const gone = new AbortController()
    request.raw.once('close', () => gone.abort())
    const origin = forwarded?.origin ?? options.origin
    return {
      method: request.method,
      path,
      body: request.body,
      query: request.query,
      params: request.params,
      headers: request.headers as Record<string, string | undefined>,
      cookies: cookieHeader.length > COOKIE_HEADER_MAX ? {} : parseCookie(cookieHeader),
      address:
        forwarded?.address ??
        clientAddress(
          request.socket.remoteAddress ?? '',
          request.headers['x-forwarded-for'] as string | undefined,
          options.trustedProxies,
        ),
      origin,
      isSecure: origin.startsWith('https:'),
      prefix: forwarded?.prefix ?? '',
      application: forwarded?.application ?? null,
      signal: gone.signal,
      actor: null,
    }
  }

  function addRoute(scope: FastifyInstance, route: Route): void {
    const { kind = 'api', guard, summary, tag, body, query, params, answers = {} } = route.options
    const response = Object.fromEntries(
      Object.entries(answers).map(([status, schema]) => [status, schema ?? { type: 'null', description: 'Empty' }]),
    )
    scope.route({
      method: route.method as 'GET',
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      schema: {
        summary,
        tags: [tag],
        hide: kind === 'page',
        ...(body && { body }),
        ...(query && { querystring: query }),
        ...(params && { params }),
        response,
      },
      // For pages, a form that does not fit is a page as well, so that the handler's problem is rendered below.
      attachValidation: true,
      handler: async (request, reply) => {
        let call: Call | undefined
        try {
          call = readCall(request)
          assertSameOrigin(call)
          if (request.validationError) throw request.validationError
          if (guard) call.actor = await guard(call)
          return await sendAnswer(request, reply, await route.handle(call))
        } catch (error) {
          const said = problemOf(error, { clock, log, route: route.path })
          if (kind === 'page' && call) {
            const answer: Answer = {
              kind: 'page',
              status: said.status,
              html: options.renderProblem(said, call),
              headers: retryAfter(said),
            }
            return sendAnswer(request, reply, answer)
          }
          return sendProblem(reply, said)
        }
      },
    })
  }

  await app.listen({ host: options.host, port: options.port })
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return {
    port,
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    openApi: () => app.swagger(),
    async [Symbol.asyncDispose]() {
      const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS)
      await app.close()
      clearTimeout(cut)
    },
  }
}

type Timed = FastifyRequest & { startedAt?: number }

const wantsPage = (request: FastifyRequest) =>
  request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')

function retryAfter(said: Problem): Record<string, string> {
  if (said.status === 503) return { 'retry-after': String(said.retry_after_s ?? OUTAGE_RETRY_SECONDS) }
  return said.status === 429 && said.retry_after_s ? { 'retry-after': String(said.retry_after_s) } : {}
}

function sendProblem(reply: FastifyReply, said: Problem): FastifyReply {
  return reply
    .code(said.status)
    .headers({ ...securityHeaders, 'cache-control': 'no-store', ...retryAfter(said) })
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(said))
}

function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.kind === 'events') return startEvents(request, reply, answer.start)
  reply.header('cache-control', 'no-store')
  if (answer.headers) reply.headers(answer.headers)
  if (answer.cookies?.length) reply.header('set-cookie', answer.cookies.map(setCookie))
  switch (answer.kind) {
    case 'json':
      reply.code(answer.status)
      if (!answer.headers?.['content-type']) reply.type('application/json; charset=utf-8')
      return reply.send(JSON.stringify(answer.body))
    case 'page':
      return reply
        .code(answer.status)
        .header('content-security-policy', pagePolicy(answer.formActions))
        .type('text/html; charset=utf-8')
        .send(answer.html)
    case 'text':
      return reply.code(answer.status).type(answer.type).send(answer.text)
    case 'redirect':
      return reply.code(answer.status).header('location', answer.location).send()
    case 'empty':
      return reply.code(answer.status).send()
  }
}

function setCookie(change: CookieChange): string {
  return stringifySetCookie({
    name: change.name,
    value: change.value ?? '',
    path: '/',
    httpOnly: true,
    secure: change.isSecure,
    sameSite: change.sameSite ?? 'lax',
    ...(change.value === null
      ? { maxAge: 0 }
      : change.maxAgeSeconds === undefined
        ? {}
        : { maxAge: change.maxAgeSeconds }),
  })
}

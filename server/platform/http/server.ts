import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { addRoutes, type RouteParts, sendProblemPage, wantsPage } from './add-routes.ts'
import { readBodies } from './bodies.ts'
import { checkShapes } from './check-shapes.ts'
import { addDocumentation, type DocumentationOptions } from './documentation.ts'
import { openEventStreams } from './events.ts'
import { BODY_BYTES_MAX } from './fast-bodies.ts'
import { fastRoutes } from './fast-routes.ts'
import { type Problem, problemOf } from './problem.ts'
import { assertReadable, callReader, type ReadCallOptions, URL_LENGTH_MAX } from './read-call.ts'
import { refuse } from './refusals.ts'
import type { Call, Route } from './route.ts'
import { securityHeaders } from './security-headers.ts'
import { sender } from './send-answer.ts'
import { type Folder, serveFolders } from './static-folders.ts'
import { answerUnreadable } from './unreadable.ts'

export interface HttpServerOptions extends ReadCallOptions {
  host: string
  port: number
  routes: readonly Route[]
  folders: readonly Folder[]
  /** Refusals of page routes, for people. */
  renderProblem(problem: Problem, call: Call): string
  documentation: DocumentationOptions
  clock: Clock
  log: Logger
  onRequest?(seen: { route: string; status: number; ms: number }): void
  patience?: Partial<Patience>
}

/** How long a client may take. */
interface Patience {
  /** For a whole request to arrive. */
  requestMs: number
  headersMs: number
  /** For a reader of events to take anything at all. */
  stallMs: number
}

export interface HttpServer extends AsyncDisposable {
  port: number
  url: string
  openApi(): unknown
  /**
   * Takes no new connection; each answer from now on is the last on its own. Resolves when all have gone, or after a
   * while: who asks meanwhile is served.
   */
  leave(): Promise<void>
}

const PATIENCE: Patience = { requestMs: 15_000, headersMs: 10_000, stallMs: 20_000 }
/** Node looks for clients whose time is up this often. */
const CHECK_EVERY_MS = 1000
/** Address, cookies and the rest; the two that matter have limits of their own below it. */
const HEADER_BYTES_MAX = 32 * 1024
/** Longer than the 60 s after which load balancers let go of an idle connection, or they would meet a closed one. */
const KEEP_ALIVE_MS = 72_000
/** A connection on which nothing moves at all: a reader that has stopped reading an answer. */
const SILENCE_MS = 120_000
/** File descriptors are finite; beyond this a connection is dropped, and its client tries another instance. */
const CONNECTIONS_MAX = 8192
/** A connection on which nobody asked for so long is closed at a stop without much risk of crossing a request. */
const LEAVE_MS = 3000
const LOOK_AGAIN_MS = 50
/** Requests under way get this long to end at a stop. */
const DRAIN_MS = 1500

export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const patience = { ...PATIENCE, ...options.patience }
  const streams = openEventStreams(patience)
  const { clock, log } = options
  const problemFor: RouteParts['problemOf'] = (error, route) => problemOf(error, { clock, log, route })
  const parts: RouteParts = {
    readCall: callReader(options),
    send: sender({ origin: options.origin, streams, onBroken: problemFor }),
    problemOf: problemFor,
    renderProblem: options.renderProblem,
  }
  const app = makeApp(options, patience, parts)
  app.server.maxConnections = CONNECTIONS_MAX
  app.addHook('preClose', async () => streams.closeAll())

  try {
    observe(app, options)
    answerFaults(app, parts)
    await addDocumentation(app, options.origin, options.documentation)
    await serveFolders(app, options.folders, parts)
    addRoutes(app, options.routes, parts)
    const leaving = answerFastFirst(app, options)
    await app.listen({ host: options.host, port: options.port })
    return facade(app, options, async () => {
      leaving.begin()
      streams.closeAll()
      await untilGone(app)
    })
  } catch (error) {
    await app.close()
    throw error
  }
}

function makeApp(options: HttpServerOptions, patience: Patience, parts: RouteParts): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    routerOptions: { maxParamLength: URL_LENGTH_MAX },
    requestTimeout: patience.requestMs,
    connectionTimeout: SILENCE_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: patience.headersMs,
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, patience.headersMs),
    },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: false,
    clientErrorHandler: answerUnreadable(options.origin),
    frameworkErrors: (error, _request, reply) => void parts.send.problem(reply as never, parts.problemOf(error, '')),
  })
  // What is answered is what was said: a response schema documents, it does not drop fields.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body))
  app.setValidatorCompiler(checkShapes)
  readBodies(app)
  return app as unknown as FastifyInstance
}

type Timed = FastifyRequest & { startedAt?: number }

function observe(app: FastifyInstance, options: HttpServerOptions): void {
  const { clock, origin } = options
  const constant = securityHeaders(origin)
  const onAnswered = noteAnswers(options)
  app.addHook('onRequest', async (request, reply) => {
    ;(request as Timed).startedAt = clock.monotonicMs()
    reply.headers(constant)
    assertReadable(request)
  })
  app.addHook('onResponse', async (request, reply) => {
    const ms = clock.monotonicMs() - ((request as Timed).startedAt ?? clock.monotonicMs())
    // The pattern and never the address: a path can hold a link's token, and strangers make up as many as they like.
    const { url } = request.routeOptions
    onAnswered(url === undefined ? 'unknown' : `${request.method} ${url}`, reply.statusCode, ms)
  })
}

const noteAnswers =
  ({ log, onRequest }: HttpServerOptions) =>
  (route: string, status: number, ms: number): void => {
    onRequest?.({ route, status, ms })
    log.debug({ route, status, ms: Math.round(ms) }, 'answered')
  }

/** Before the framework, which alone costs what is left of the time; see `fast-routes.ts`. */
function answerFastFirst(app: FastifyInstance, options: HttpServerOptions): { begin(): void } {
  let isLeaving = false
  const answered = fastRoutes(options.routes, {
    ...options,
    onAnswered: noteAnswers(options),
    isLeaving: () => isLeaving,
  })
  const ordinary = app.server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[]
  app.addHook('preClose', async () => {
    isLeaving = true
  })
  app.server.removeAllListeners('request')
  app.server.on('request', (request, response) => {
    const goOn = () => {
      if (isLeaving) response.setHeader('connection', 'close')
      for (const each of ordinary) each.call(app.server, request, response)
    }
    if (isLeaving || !answered(request, response, goOn)) goOn()
  })
  return {
    begin() {
      isLeaving = true
    },
  }
}

async function untilGone({ server }: FastifyInstance): Promise<void> {
  // Not `server.close()`: that closes idle connections at once, on which a request may be on its way.
  NetServer.prototype.close.call(server)
  const count = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, connections) => (error ? reject(error) : resolve(connections))),
    )
  for (let waitedMs = 0; waitedMs < LEAVE_MS && (await count()) > 0; waitedMs += LOOK_AGAIN_MS)
    await pause(LOOK_AGAIN_MS)
}

function answerFaults(app: FastifyInstance, parts: RouteParts): void {
  app.setErrorHandler((error, request, reply) =>
    parts.send.problem(reply, parts.problemOf(error, request.routeOptions.url ?? '')),
  )
  app.setNotFoundHandler((request, reply) => {
    const said = parts.problemOf(refuse('not_found'), '')
    if (!wantsPage(request)) return parts.send.problem(reply, said)
    return sendProblemPage(request, reply, { said, call: parts.readCall(request, reply), parts })
  })
}

function facade(app: FastifyInstance, options: HttpServerOptions, leave: () => Promise<void>): HttpServer {
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return {
    port,
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    openApi: () => app.swagger(),
    leave,
    async [Symbol.asyncDispose]() {
      const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS)
      await app.close()
      clearTimeout(cut)
    },
  }
}

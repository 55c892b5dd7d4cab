import type { Static, TSchema } from 'typebox'
import type { Answer } from './answer.ts'
import type { CrossOrigin } from './cross-origin.ts'
import type { AnswerFast } from './fast-routes.ts'
import type { Problem } from './problem.ts'

/** One request as a verb's HTTP face sees it. Nothing here is believed that the caller could have made up. */
export interface Call<Body = unknown, Query = unknown, Params = unknown> {
  method: string
  /** Without the application's prefix and without the query. */
  path: string
  body: Body
  query: Query
  params: Params
  headers: Readonly<Record<string, string | undefined>>
  cookies: Readonly<Record<string, string | undefined>>
  /** The client's address: of the socket, or as told by a trusted proxy or a signed SDK request. */
  address: string
  /** The origin the browser is on: ours, or that of the application that forwards. */
  origin: string
  /** True when that origin is https, and cookies therefore bear `__Host-`. */
  isSecure: boolean
  /** `/auth` when an application forwards, otherwise empty. */
  prefix: string
  /** The application that forwards, proven by its signature. */
  application: string | null
  /** Aborts when the client has gone. */
  signal: AbortSignal
  /** Whom a guard let in. */
  actor: Actor | null
}

export interface Actor {
  kind: 'person' | 'token'
  /** `usr_…` or `tok_…`: what records name. */
  id: string
  /** Null for a token. */
  sessionId: string | null
  /** May act on what belongs to others, within the scope its route asks for. */
  isStaff: boolean
  /** Somebody else who really sits there, acting as `id`. */
  impersonatorId: string | null
  /** They came to change something, not only to look. */
  changes?: boolean
}

/** What a caller shows, for the documentation: any one of the list, and of that one everything (OpenAPI's `security`). */
export type Security = readonly Readonly<Record<string, readonly string[]>>[]

/** Lets a call through as somebody, or throws a refusal. It tells by itself what it looks at. */
export interface Guard {
  (call: Call): Promise<Actor | null>
  readonly security?: Security
}

type Shape<Schema> = Schema extends TSchema ? Static<Schema> : unknown

export interface RouteOptions<Body, Query, Params> {
  summary: string
  /** What the summary and the shapes do not say. */
  description?: string
  /** The feature's word, to group the documentation. */
  tag: string
  /** `page` answers people: its refusals are pages too. `api` is the default. */
  kind?: 'api' | 'page'
  guard?: Guard
  /** Without a guard: what the handler itself looks at. */
  security?: Security
  body?: Body
  query?: Query
  params?: Params
  /** Of what is asked with every click of everybody: what can be said at once, without the ordinary way. */
  fast?: AnswerFast
  /** Larger than most: who sends a file. It is read before the guard is asked, so a stranger can make us read as much. */
  bodyBytesMax?: number
  /** Pages of other sites may ask too. For routes that look at nothing a browser adds by itself. */
  crossOrigin?: CrossOrigin
  /** Refusals in the words of a protocol that is not ours. `params` are those of the address. */
  sayRefusal?(said: Problem, params: unknown): Answer
  /** Another spelling of an address that is documented: it is left out of the documentation. */
  isAlias?: true
  /** It runs through `once`: the documentation shows the header Idempotency-Key. */
  isIdempotent?: true
  /** What is answered, by status; refusals are documented by themselves. */
  answers?: Record<number, TSchema | null>
  /** The media type of what is answered when all is well; JSON by default. */
  mediaType?: string
}

export interface Route {
  method: string
  path: string
  options: RouteOptions<TSchema | undefined, TSchema | undefined, TSchema | undefined>
  handle(call: Call): Promise<Answer> | Answer
}

/** One line of a feature's `routes.ts`: `on('POST /v1/things', { … }, (call) => …)`. */
export function on<
  const Body extends TSchema | undefined = undefined,
  const Query extends TSchema | undefined = undefined,
  const Params extends TSchema | undefined = undefined,
>(
  line: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`,
  options: RouteOptions<Body, Query, Params>,
  handle: (call: Call<Shape<Body>, Shape<Query>, Shape<Params>>) => Promise<Answer> | Answer,
): Route {
  const [method, path] = line.split(' ') as [string, string]
  return { method, path, options: options as Route['options'], handle: handle as Route['handle'] }
}

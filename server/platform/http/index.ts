export {
  type Answer,
  type CookieChange,
  type EventStream,
  empty,
  events,
  json,
  page,
  redirect,
  text,
} from './answer.ts'
export type { Forwarded, ReadForwarded } from './caller.ts'
export { OUTAGE_RETRY_SECONDS, type Problem, problem } from './problem.ts'
export { type Actor, type Call, type Guard, on, type Route } from './route.ts'
export { type HttpServer, type HttpServerOptions, openHttpServer } from './server.ts'
export type { Folder } from './static-folders.ts'

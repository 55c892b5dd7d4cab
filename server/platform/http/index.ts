export {
  type Answer,
  bytes,
  type CookieChange,
  type EventStream,
  empty,
  events,
  json,
  page,
  redirect,
  stream,
  type TextStream,
  text,
} from './answer.ts'
export type { Forwarded, ReadForwarded } from './caller.ts'
export { type CrossOrigin, crossOriginHeaders } from './cross-origin.ts'
export { type AnswerFast, type FastAnswer, type FastCall, plainCookies } from './fast-routes.ts'
export { OUTAGE_RETRY_SECONDS, type Problem, problem } from './problem.ts'
export { platformRefusals } from './refusals.ts'
export { type Actor, type Call, type Guard, on, type Route, type Security } from './route.ts'
export { orNull, ProblemShape, Time } from './shapes.ts'
export { type HttpServer, type HttpServerOptions, openHttpServer } from './server.ts'
export { StreamCut } from './text-stream.ts'
export type { Folder } from './static-folders.ts'

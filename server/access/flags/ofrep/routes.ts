import { Type } from 'typebox'
import { NO_KEYS, SIGNING } from '../../../../sdk/flags/signed-answers.ts'
import { callers } from '../../../ground/documentation/index.ts'
import {
  type Answer,
  type Call,
  type CrossOrigin,
  events,
  json,
  on,
  ProblemShape,
  type Problem,
  type Route,
} from '../../../platform/http/index.ts'
import { answerFlag, answerFlags, answerFlagsAtOnce, TOLD } from './answer-flags.ts'
import type { Parts } from './parts.ts'
import { refuse } from './refusals.ts'
import {
  BulkShape,
  FailureShape,
  FlagShape,
  Key,
  KeyedFailureShape,
  NUMBER_QUERY,
  StreamSecret,
  StreamText,
} from './shapes.ts'
import { STREAM_PATH } from './stream-address.ts'

const TOLD_IN_HEADERS = `\`${TOLD.number}\` and \`${TOLD.source}\` (\`live\` or \`disk\`) say by what was answered, \`${TOLD.age}\` how many milliseconds ago that was confirmed.`
const ONE =
  'Of the OpenFeature Remote Evaluation Protocol. The body is `{"context": {…}}`, or nothing. An answer without a `value` means: use your own default. ' +
  TOLD_IN_HEADERS
const ALL =
  'As one flag, for one context and with an `ETag`: sent back in `If-None-Match` it gets 304 for as long as every answer is the same. A flag that cannot be evaluated is one failed item. `eventStreams` says where changes are announced. ' +
  `A question with \`${SIGNING.ask}: ${NO_KEYS}\` is answered with \`${SIGNING.signature}\` of the answers, their number and the \`targetingKey\`, so that a browser may keep them, and with \`${SIGNING.keys}\`, the list of keys under the root; whoever has that list sends the first 16 characters of its signature instead. ` +
  TOLD_IN_HEADERS
const STREAM =
  'Its address is in `eventStreams` of an answer, with a secret that is good for an hour or two. An event says that it is worth asking again, and with what number; it never says what changed.'

/** Asked for a context, body or none: what is wrong with it is said in the protocol's words. */
const AnyBody = Type.Optional(Type.Unknown({ description: '`{"context": {"targetingKey": "…", …}}`.' }))

/** The OpenFeature Remote Evaluation Protocol, as a table. */
export function ofrepRoutes(parts: Parts): Route[] {
  const frame = {
    tag: 'flags',
    security: callers.flagAsker.security,
    query: NUMBER_QUERY,
    crossOrigin: crossOriginOf(parts),
    sayRefusal: sayFailure,
  } as const
  const one = { ...frame, body: AnyBody, params: Key, summary: 'What one flag answers', description: ONE }
  const all = { ...frame, body: AnyBody, summary: 'What all flags answer', description: ALL }
  const answerOne = (call: Call<unknown, unknown, { key: string }>) => answerFlag(parts, call, call.params.key)
  const answerAll = (call: Call) => answerFlags(parts, call)
  const oneSaid = { 200: FlagShape, 400: KeyedFailureShape, 404: KeyedFailureShape, 503: KeyedFailureShape }
  const allSaid = { 200: BulkShape, 304: null, 400: FailureShape, 503: FailureShape }
  const fast = (call: Parameters<typeof answerFlagsAtOnce>[1]) => answerFlagsAtOnce(parts, call)
  return [
    on('POST /ofrep/v1/evaluate/flags/{key}', { ...one, answers: oneSaid }, answerOne),
    on('POST /ofrep/v1/evaluate/flags', { ...all, answers: allSaid, fast }, answerAll),
    // Clients are configured by hand, and flagd takes a slash at the end as well.
    on('POST /ofrep/v1/evaluate/flags/{key}/', { ...one, isAlias: true }, answerOne),
    on('POST /ofrep/v1/evaluate/flags/', { ...all, isAlias: true }, answerAll),
    on(
      `GET ${STREAM_PATH}`,
      {
        tag: 'flags',
        summary: 'Changes of flags, announced',
        security: callers.streamReader.security,
        description: STREAM,
        query: StreamSecret,
        crossOrigin: crossOriginOf(parts),
        answers: { 200: StreamText, 401: ProblemShape, 503: ProblemShape },
        mediaType: 'text/event-stream',
      },
      (call) => listen(parts, call),
    ),
  ]
}

function listen({ streams, announcer, tokens }: Parts, call: Call<unknown, { secret?: string }>): Answer {
  const asker = streams.read(call.query.secret ?? '')
  if (!asker || (asker.kind !== 'application' && tokens.stateOf(asker.id) === 'ended')) throw refuse('stream_expired')
  announcer.assertPlace(asker)
  return events((stream) => announcer.listen(stream, asker, call.headers['last-event-id']))
}

/** Pages that some browser token names. Which token it is, a preflight does not say; the question itself does. */
function crossOriginOf({ tokens }: Parts): CrossOrigin {
  return {
    mayAsk: (origin) => tokens.hasOrigin(origin),
    allows: ['authorization', 'x-api-key', 'content-type', 'if-none-match', 'last-event-id', SIGNING.ask],
    exposes: ['etag', 'retry-after', ...Object.values(TOLD), SIGNING.signature, SIGNING.keys],
  }
}

/**
 * Refusals in the protocol's words. 401 and 403 have no form there, and stay ours; a fault of ours is 500 or 503, and
 * never one of those. Everything else that is wrong with a request is 400.
 */
function sayFailure(said: Problem, params: unknown): Answer {
  const { status, detail } = said
  if (status === 401 || status === 403)
    return json(status, said, { headers: { 'content-type': 'application/problem+json; charset=utf-8' } })
  const { key } = (params ?? {}) as { key?: string }
  const errorCode = status >= 500 ? 'GENERAL' : (codes[said.code] ?? 'INVALID_CONTEXT')
  return json(status >= 500 ? status : 400, { ...(key !== undefined && { key }), errorCode, errorDetails: detail })
}

const codes: Record<string, string> = {
  'request.bad_json': 'PARSE_ERROR',
  'request.bad_utf8': 'PARSE_ERROR',
  'request.media_type': 'PARSE_ERROR',
  'ofrep.not_an_object': 'PARSE_ERROR',
}

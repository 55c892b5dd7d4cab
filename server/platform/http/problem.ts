import type { Clock } from '../clock.ts'
import { DatabaseOutage } from '../database/index.ts'
import { newId } from '../id.ts'
import type { Logger } from '../log.ts'
import { Refusal } from '../refusal.ts'
import { type Misfit, readMisfits } from './misfits.ts'
import { refuse, refusePlatform } from './refusals.ts'

/** RFC 9457. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  [extension: string]: unknown
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8'
export const OUTAGE_RETRY_SECONDS = 2

/** Where every code is explained. */
export const PROBLEMS_PATH = '/docs/problems'

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Too slow',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  414: 'Too long',
  415: 'Unsupported media type',
  422: 'Cannot be done',
  429: 'Too many requests',
  431: 'Too large',
  500: 'A fault of ours',
  503: 'Not known at this moment',
}

export function problem(
  status: number,
  code: string,
  detail: string,
  extensions: Record<string, unknown> = {},
): Problem {
  return { type: `${PROBLEMS_PATH}#${code}`, title: titles[status] ?? 'Refused', status, code, detail, ...extensions }
}

/** Every way a handler can end other than well, as a problem document. Nothing of a bug's message leaves the house. */
export function problemOf(error: unknown, parts: { clock: Clock; log: Logger; route: string }): Problem {
  const refusal = refusalIn(error)
  if (refusal) return problem(refusal.status, refusal.code, refusal.message, publicFacts(refusal.facts))
  if (error instanceof DatabaseOutage) {
    // Not louder: in an outage every request says so, and the database has said it once for all of them.
    parts.log.debug({ route: parts.route, outcome: error.outcome }, 'answered unknown: the database is away')
    const { status, code, message } = refusePlatform('database_unavailable')
    const unknown = { verdict: 'unknown', reason: 'database_unavailable', retry_after_s: OUTAGE_RETRY_SECONDS }
    return problem(status, code, message, unknown)
  }
  const incident = newId('bug', parts.clock.now())
  parts.log.error({ err: error, route: parts.route, incident }, 'a bug answered a request')
  const { status, code, message } = refusePlatform('bug', { incident })
  return problem(status, code, message, { incident })
}

/** Facts whose name begins with an underscore are for the log only. */
function publicFacts(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !name.startsWith('_')))
}

interface FrameworkError {
  code?: string
  statusCode?: number
  validation?: Misfit[]
  validationContext?: string
}

/** Fastify's own refusals, said in our words and without repeating what was sent. */
function refusalIn(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  const { code, statusCode, validation, validationContext } = (error ?? {}) as FrameworkError
  if (validation) {
    const errors = readMisfits(validation, validationContext ?? '')
    const list = errors.map((each) => `${each.at} ${each.says}`).join('; ')
    // The list is in the sentence already; as an extension it stands in pieces.
    const { code: ours, status, message } = refuse('invalid', { list })
    return new Refusal(ours, status, message, { errors })
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refuse('too_large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return refuse('media_type')
  if (code === 'FST_ERR_BAD_URL') return refuse('bad_url')
  // The client hung up, or its time was up, while its body was on the way: nobody is left to be answered.
  if (code === 'ECONNRESET' || code === 'ERR_HTTP_REQUEST_TIMEOUT') return refuse('too_slow')
  return statusCode && statusCode >= 400 && statusCode < 500 ? refuse('malformed') : undefined
}

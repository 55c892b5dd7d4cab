import { DatabaseOutage } from '../database/index.ts'
import type { Logger } from '../log.ts'
import { Refusal } from '../refusal.ts'
import { newId } from '../id.ts'
import type { Clock } from '../clock.ts'

/** RFC 9457. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  [extension: string]: unknown
}

export const OUTAGE_RETRY_SECONDS = 2

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be done',
  429: 'Too many requests',
  500: 'A fault of ours',
  503: 'Not known at this moment',
}

export function problem(
  status: number,
  code: string,
  detail: string,
  extensions: Record<string, unknown> = {},
): Problem {
  return { type: `/docs/problems#${code}`, title: titles[status] ?? 'Refused', status, code, detail, ...extensions }
}

/** Every way a handler can end other than well, as a problem document. Nothing of a bug's message leaves the house. */
export function problemOf(error: unknown, parts: { clock: Clock; log: Logger; route: string }): Problem {
  if (error instanceof Refusal) return problem(error.status, error.code, error.message, publicFacts(error.facts))
  if (error instanceof DatabaseOutage) {
    parts.log.info({ route: parts.route, outcome: error.outcome }, 'answered unknown: the database is away')
    return problem(
      503,
      'platform.database_unavailable',
      'The database is not answering, so this is not known at the moment. Nobody is signed out by this. Try again in a few seconds.',
      { verdict: 'unknown', reason: 'database_unavailable', retry_after_s: OUTAGE_RETRY_SECONDS },
    )
  }
  const framework = frameworkProblem(error)
  if (framework) return framework
  const incident = newId('bug', parts.clock.now())
  parts.log.error({ err: error, route: parts.route, incident }, 'a bug answered a request')
  return problem(
    500,
    'platform.bug',
    `This is a fault in Holdfast, noted as ${incident}. Trying again may not help; tell the operator this id.`,
    { incident },
  )
}

/** Facts whose name begins with an underscore are for the log only. */
function publicFacts(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => !name.startsWith('_')))
}

interface FrameworkError {
  code?: string
  statusCode?: number
  validation?: { instancePath: string; message?: string }[]
  validationContext?: string
}

/** Fastify's own refusals, said in our words and without repeating what was sent. */
function frameworkProblem(error: unknown): Problem | undefined {
  const { code, statusCode, validation, validationContext } = (error ?? {}) as FrameworkError
  if (validation) {
    const errors = validation.map((each) => ({
      at: `${validationContext}${each.instancePath}`,
      says: each.message ?? 'is not valid',
    }))
    const list = errors.map((each) => `${each.at} ${each.says}`).join('; ')
    return problem(400, 'request.invalid', `The request does not fit: ${list}.`, { errors })
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return problem(413, 'request.too_large', 'The body is larger than 64 KiB. Send less.')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return problem(415, 'request.media_type', 'Send application/json, or a form as application/x-www-form-urlencoded.')
  }
  if (statusCode && statusCode >= 400 && statusCode < 500) {
    return problem(statusCode, 'request.malformed', 'The request could not be read. Check its path, headers and body.')
  }
  return undefined
}

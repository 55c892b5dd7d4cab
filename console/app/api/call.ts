import { headers } from '@holdfast/sdk/contract'
import { CallFailure, type FailureKind } from './failure.ts'
import type { OutageProblem } from './wire.ts'

/** Longer than any deadline inside access, so that its own words arrive before we give up. */
const DEADLINE_MS = 8000

export interface Call {
  path: string
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON. */
  body?: unknown
  signal?: AbortSignal | undefined
  deadlineMs?: number
  /** Makes a repeated write one write (design §4). */
  idempotencyKey?: string
}

/** The only way out of the console. Brings the body of a good answer, or throws a CallFailure that says what it was. */
export async function call<Body>(asked: Call): Promise<Body> {
  const { response, text, name } = await exchange(asked)
  const body = parse(text)
  if (response.status !== 204 && body === undefined) {
    throw new CallFailure('strange', { call: name, status: response.status })
  }
  return body as Body
}

/** The same for a file: what is in it is for the reader's disk, not for us. */
export async function callForFile(asked: Call): Promise<string> {
  return (await exchange(asked)).text
}

async function exchange(asked: Call): Promise<{ response: Response; text: string; name: string }> {
  const { path, method = 'GET', body: sent, signal, deadlineMs = DEADLINE_MS, idempotencyKey } = asked
  const name = `${method} ${path}`
  const deadline = AbortSignal.timeout(deadlineMs)
  let response: Response
  let text: string
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json, application/problem+json, */*;q=0.1',
        [headers.audience]: 'console',
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      ...(sent !== undefined && { body: JSON.stringify(sent) }),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    })
    text = await response.text()
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new CallFailure('silent', { call: name, cause })
  }
  if (response.ok) return { response, text, name }
  const body = parse(text)
  const problem = isProblem(response, body) ? body : undefined
  throw new CallFailure(kindOf(response.status, problem), { call: name, status: response.status, problem })
}

/** Only a problem document is access speaking: a gateway's own 401 or 503 tells nothing about a session. */
function kindOf(status: number, problem: OutageProblem | undefined): FailureKind {
  if (!problem) return status >= 500 ? 'silent' : 'strange'
  if (status === 503 || problem.verdict === 'unknown') return 'unknown'
  if (status === 401) return 'signed-out'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not-found'
  return 'refused'
}

function isProblem(response: Response, body: unknown): body is OutageProblem {
  const isDeclared = response.headers.get('content-type')?.startsWith('application/problem+json')
  return Boolean(isDeclared) && typeof body === 'object' && body !== null && 'code' in body
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

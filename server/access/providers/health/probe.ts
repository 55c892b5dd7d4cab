import { type Answered, CLOCK_SKEW_MAX_MS, type Egress, EgressFault } from '../egress/index.ts'
import type { EvidenceKind, EvidenceOutcome } from '../evidence.ts'

/** The way out. */
export type Ask = Egress['ask']

/** What can be asked of a provider. Where its documents were never seen, there is its discovery alone. */
export interface Target {
  id: string
  clientId: string
  discovery: string
  keys: string | null
  authorization: string | null
  token: string | null
}

export type ProbeKind = Exclude<EvidenceKind, 'exchange'>

export interface Looked {
  kind: ProbeKind
  outcome: EvidenceOutcome
  fault: string | null
  detail: string | null
  took_ms: number
}

export interface ProbeParts {
  ask: Ask
  /** Milliseconds that only go forward. */
  monotonicMs(): number
  /** By how much the database's clock is ahead of ours; null: it was never asked. */
  databaseAheadMs(): number | null
}

/** All of one question, also when its answer drips: whoever signs in would not wait longer either. */
export const PROBE_MS = 2_500
const DETAIL_MAX = 200

interface Question {
  kind: ProbeKind
  url: string
  post?: string
  /** What is wrong with an answer that is neither an error nor a limit; undefined: it lives. */
  judge(answered: Answered): { fault: string; detail: string } | undefined
}

/**
 * One question to each endpoint. None of them signs anybody in: no code, no secret of ours. An error of ours (4xx) is an
 * answer, and so is being sent on to a page to sign in; whatever else is not what the protocol says is a fault.
 */
export function questionsOf(target: Target): Question[] {
  const questions: Question[] = [{ kind: 'discovery', url: target.discovery, judge: judgeDiscovery }]
  if (target.keys) questions.push({ kind: 'keys', url: target.keys, judge: judgeKeys })
  if (target.authorization) {
    const url = new URL(target.authorization)
    const asked = { response_type: 'code', scope: 'openid', client_id: target.clientId, prompt: 'none' }
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
    questions.push({ kind: 'authorization', url: url.href, judge: () => undefined })
  }
  if (target.token) {
    questions.push({ kind: 'token', url: target.token, post: 'grant_type=authorization_code', judge: judgePage })
  }
  return questions
}

export async function look(parts: ProbeParts, question: Question, signal: AbortSignal): Promise<Looked> {
  const { kind, url, post, judge } = question
  const beganMs = parts.monotonicMs()
  const sent = post === undefined ? { method: 'GET' as const } : { method: 'POST' as const, body: post }
  const headers = {
    accept: kind === 'authorization' ? 'text/html' : 'application/json',
    ...(post !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
  }
  const tell = (outcome: EvidenceOutcome, said?: { fault: string; detail: string }): Looked => ({
    kind,
    outcome,
    fault: said?.fault ?? null,
    detail: said?.detail.slice(0, DETAIL_MAX) ?? null,
    took_ms: Math.max(0, Math.round(parts.monotonicMs() - beganMs)),
  })
  try {
    const answered = await parts.ask({ url, ...sent, headers, deadlineMs: PROBE_MS, signal })
    const { status } = answered
    if (status === 429) return tell('limited', { fault: 'limited', detail: 'it answered 429: too many requests' })
    if (status >= 500) return tell('fault', { fault: 'status-5xx', detail: `it answered ${status}` })
    if (status >= 400) return tell('good')
    const wrong = judge(answered) ?? judgeClock(answered, parts.databaseAheadMs())
    return wrong ? tell('fault', wrong) : tell('good')
  } catch (error) {
    if (!(error instanceof EgressFault)) throw error
    return tell('fault', { fault: error.fault, detail: error.message })
  }
}

function judgeClock({ dateAheadMs }: Answered, databaseAheadMs: number | null) {
  if (dateAheadMs === null || databaseAheadMs === null) return undefined
  const aheadMs = dateAheadMs - databaseAheadMs
  if (Math.abs(aheadMs) <= CLOCK_SKEW_MAX_MS) return undefined
  return { fault: 'clock-skew', detail: `its clock is ${Math.round(aheadMs / 1000)} s away from the database's` }
}

function judgePage({ status, headers, body }: Answered) {
  if (status >= 300) return { fault: 'redirect', detail: `it answered ${status}, and redirects are not followed` }
  const isPage =
    /\bhtml\b/i.test(headers['content-type'] ?? '') || body.subarray(0, 64).toString('latin1').trim()[0] === '<'
  return isPage ? { fault: 'html', detail: 'it answered with a page where JSON was asked for' } : undefined
}

function judgeDiscovery(answered: Answered) {
  return judgePage(answered) ?? judgeObject(answered, (said) => typeof said.token_endpoint === 'string')
}

function judgeKeys(answered: Answered) {
  const wrong = judgePage(answered) ?? judgeObject(answered, (said) => Array.isArray(said.keys))
  if (wrong) return wrong
  const { keys } = JSON.parse(answered.body.toString('utf8')) as { keys: unknown[] }
  return keys.length === 0 ? { fault: 'keys-empty', detail: 'its set of keys is empty' } : undefined
}

function judgeObject({ body }: Answered, isWhole: (said: Record<string, unknown>) => boolean) {
  const wrong = { fault: 'malformed', detail: 'it answered with something that is not the document' }
  try {
    const said = JSON.parse(body.toString('utf8')) as Record<string, unknown> | null
    return said && typeof said === 'object' && isWhole(said) ? undefined : wrong
  } catch {
    return wrong
  }
}

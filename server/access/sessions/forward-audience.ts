import { Type } from 'typebox'
import { PROOF_LIFE_MS, type SessionAnswer } from '../../../sdk/contract.ts'
import { ACCOUNT_AUDIENCE, type Application, type ApplicationDirectory } from '../../ground/applications/index.ts'
import { refuse } from './refusals.ts'

const RETRY_AFTER_S = 2

export const ForwardQuery = Type.Object({
  audience: Type.Optional(
    Type.String({
      maxLength: 64,
      description:
        'The application that the proxy protects: a session of another one is no session there. Left out: a session of any application is accepted.',
      examples: ['app_01jd7s6k2m9q'],
    }),
  ),
})

/** The application that a proxy names; the console is nobody's to protect, and its cookie is not read. */
export function audienceOfProxy(
  applications: Pick<ApplicationDirectory, 'find'>,
  audience: string | undefined,
): { audience: string | undefined; application: Application | undefined } {
  const application = audience === undefined ? undefined : applications.find(audience)
  if (audience !== undefined && audience !== ACCOUNT_AUDIENCE && !application) {
    throw refuse('bad_audience', { audience: audience.replace(/[^\w-]/g, '') })
  }
  return { audience, application }
}

/** An outage is served as the application wants it (design §5): up to an age, or not beyond a proof's ordinary life. */
export function servedAt(answer: SessionAnswer, application: Application | undefined): SessionAnswer {
  if (answer.verdict !== 'valid' || !application) return answer
  if (answer.age_ms <= oldestFor(application)) return answer
  return { verdict: 'unknown', reason: 'too_old', source: null, age_ms: null, retry_after_s: RETRY_AFTER_S }
}

/** In milliseconds: the oldest knowledge that this application serves. */
export function oldestFor({ on_unknown: { policy, max_age_s } }: Application): number {
  return policy === 'refuse' ? PROOF_LIFE_MS : max_age_s * 1000
}

const ONE_AUDIENCE = /^audience=([\w-]{1,64})$/

/** As `audienceOfProxy`, of a query as it was sent; undefined where that one has something to decode or to refuse. */
export function plainAudience(
  applications: Pick<ApplicationDirectory, 'find'>,
  query: string,
): { audience?: string; oldestMs?: number } | undefined {
  if (query === '') return {}
  const audience = ONE_AUDIENCE.exec(query)?.[1]
  const application = audience === undefined ? undefined : applications.find(audience)
  return audience !== undefined && application ? { audience, oldestMs: oldestFor(application) } : undefined
}

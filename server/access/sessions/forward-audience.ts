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
  const { policy, max_age_s } = application.on_unknown
  const oldestMs = policy === 'refuse' ? PROOF_LIFE_MS : max_age_s * 1000
  if (answer.age_ms <= oldestMs) return answer
  return { verdict: 'unknown', reason: 'too_old', source: null, age_ms: null, retry_after_s: RETRY_AFTER_S }
}

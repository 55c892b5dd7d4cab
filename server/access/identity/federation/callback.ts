import { Type } from 'typebox'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Answer, type Call, OUTAGE_RETRY_SECONDS, page, redirect } from '../../../platform/http/index.ts'
import { askToKeep } from '../accounts/hosted.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import { querySaying } from '../audience.ts'
import { pageOf } from '../hosted/page-of.ts'
import { unavailablePage } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { wayOn } from '../passkeys/offer.ts'
import { refuse } from '../refusals.ts'
import { mailCode } from './arrive.ts'
import { type CameBack, comeBack, pathBack, type Whose } from './come-back.ts'
import type { ProviderChallenge } from './departure.ts'
import { enterByProvider, type Left } from './enter-by-provider.ts'
import { finishLink, LINKED_PATH } from './own.ts'
import { type FailedProps, failedPage } from './pages/failed-page.ts'
import { proofOf } from './proof.ts'

/** What providers send back is theirs; only what is plain and short is handed on. */
export const CallbackQuery = Type.Object(
  { state: Type.Optional(Type.String({ maxLength: 4096 })) },
  { additionalProperties: true },
)
const FIELDS_MAX = 20
const FIELD_MAX = 8192

/** `GET /sign-in/callback/{id}`: each provider has its own. */
export async function showCallback(parts: Parts, call: Whose): Promise<Answer> {
  const came = await comeBack(parts, call, queryOf(call))
  if (came.outcome === 'elsewhere') return redirect(came.url)
  try {
    return await answered(parts, call, came)
  } catch (error) {
    if (!(error instanceof DatabaseOutage)) throw error
    parts.log.info({ outcome: error.outcome }, 'answered unknown: the database is away')
    return outage(parts, call, came.challenge)
  }
}

type Came = Exclude<CameBack, { outcome: 'elsewhere' }>

async function answered(parts: Parts, call: Whose, came: Came): Promise<Answer> {
  const { challenge, provider } = came
  switch (came.outcome) {
    case 'denied':
      return failed(parts, call, came, { why: 'denied', status: 403 })
    case 'refused':
      return failed(parts, call, came, { why: 'refused', status: 403 })
    case 'not-fresh':
      return failed(parts, call, came, { why: 'notFresh', status: 403 })
    case 'busy':
      return failed(parts, call, came, { why: 'busy', status: 503 })
    case 'unknown':
      return failed(parts, call, came, { why: 'unreachable', status: 503 })
  }
  const { identity } = came
  if (challenge.purpose === 'link') return finishLink(parts, call, { challenge, provider, identity })

  const left = { ...challenge, purpose: challenge.purpose } satisfies Left
  const entered = await enterByProvider(parts, call, { challenge: left, provider, identity })
  switch (entered.outcome) {
    case 'signed-in': {
      const { signedIn } = entered
      const agedMs = parts.clock.now().getTime() - Date.parse(signedIn.session.authenticated_at)
      // Who would have to prove it once more before they could keep one is not offered one.
      const canHave = challenge.has_passkeys && agedMs <= FRESH_SIGN_IN_MS
      return redirect(await wayOn(parts, call, signedIn, canHave), { cookies: signedIn.cookies })
    }
    case 'deleting':
      return askToKeep(parts, call, {
        ...entered,
        method: 'provider',
        proof: proofOf(provider, identity, parts.clock.now()),
      })
    case 'used':
      throw refuse('departure_used')
    case 'arrived': {
      const { arrivalId: id, email } = entered
      if (email) return mailCode(parts, call, { ...challenge, id }, email)
      return redirect(`${call.prefix}/sign-in/arrival`)
    }
  }
}

/** A parameter that came twice is none: which of them is meant, nobody can say (RFC 6749 §3.1). */
function queryOf(call: Call): URLSearchParams {
  const said = Object.entries((call.query ?? {}) as Record<string, unknown>)
  const fields = said.filter((field): field is [string, string] => {
    const [name, value] = field
    return typeof value === 'string' && value.length <= FIELD_MAX && /^[\w.-]{1,40}$/.test(name)
  })
  return new URLSearchParams(fields.slice(0, FIELDS_MAX))
}

interface Failed {
  why: FailedProps['why']
  status: number
}

function failed(parts: Parts, call: Whose, { challenge, provider }: Came, { why, status }: Failed): Answer {
  // It is still good: the same address is asked for once more.
  const againPath = why === 'busy' ? `${pathBack(call)}?${queryOf(call)}` : pathToBegin(call, challenge)
  const props = { name: provider.name, why, againPath }
  const headers: Record<string, string> = status === 503 ? { 'retry-after': String(OUTAGE_RETRY_SECONDS) } : {}
  // This address was used up: in another language it is begun again.
  return page(status, failedPage({ ...pageOf(parts, call), path: againPath }, props), { headers })
}

/** What came back was used up: it is begun again, and the provider still knows the person. */
function outage(parts: Parts, call: Call, challenge: ProviderChallenge): Answer {
  const health = parts.database.health()
  const path = pathToBegin(call, challenge)
  const html = unavailablePage(
    { ...pageOf(parts, call), path },
    {
      task: 'sign_in',
      cause: 'database',
      since: health.state === 'ok' ? null : health.since,
      retrySeconds: OUTAGE_RETRY_SECONDS,
      retry: { path },
    },
  )
  return page(503, html, { headers: { 'retry-after': String(OUTAGE_RETRY_SECONDS) } })
}

function pathToBegin(call: Call, { purpose, audience, return_to, wants_fresh }: ProviderChallenge): string {
  if (purpose === 'link') return LINKED_PATH
  const query = new URLSearchParams(querySaying(call, audience, return_to))
  if (wants_fresh) query.set('max_age', '0')
  return `/sign-in${query.size > 0 ? `?${query}` : ''}`
}

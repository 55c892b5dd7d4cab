import {
  FAILOVER_METHOD,
  type Holdfast,
  type HoldfastStatus,
  type Reason,
  RESCUE_METHOD,
  reasons,
  type Session,
  type SessionAnswer,
} from '@holdfast/sdk'
import { ageInWords } from './age-in-words.ts'
import { type WhichView, whichView } from './which-view.ts'

/** What the panel says, in words and figures; the page and its script are filled from the same. */
export interface WhoAmI extends WhichView {
  verdict: SessionAnswer['verdict']
  /** How the mark is drawn: shape and colour, beside the word. */
  mark: 'ok' | 'degraded' | 'failing' | 'unknown'
  source: string
  age_ms: number | null
  /** One sentence: how it is known. */
  how: string
  /** One sentence: what is known of Holdfast itself. */
  holdfast: string
  revocations: string
  name: string | null
  session_id: string | null
  /** On whose behalf, and as what: both come with the proof. */
  acting_for: string | null
  authenticated_at: string | null
  /** Where a browser goes whose session has ended. */
  leave: string | null
}

const HOW = {
  database: 'Holdfast read it from its database when we asked.',
  cache: 'Holdfast remembered it. The age is the time since its database last confirmed it.',
  proof: 'Your browser carries a signed proof. We checked the signature here and asked nobody.',
  grace: 'Holdfast is not answering and your proof has run out. We accept it for 15 minutes after its end.',
}
/** What is well behind the feed's own rhythm of two seconds. */
const LAG_MAX_MS = 10_000

/** The panel "who am I, and how do you know?", from a verdict and what the SDK knows. */
export function describe(answer: SessionAnswer, holdfast: Pick<Holdfast, 'status' | 'flags'>): WhoAmI {
  const status = holdfast.status()
  const session = answer.verdict === 'valid' ? answer.session : null
  return {
    verdict: answer.verdict,
    mark: markOf(answer),
    source: answer.source ?? 'nothing',
    age_ms: answer.age_ms,
    how: howOf(answer),
    holdfast: holdfastOf(status),
    revocations: revocationsOf(status),
    name: session && nameOf(session.user),
    session_id: session?.id ?? null,
    acting_for: session && actingFor(session),
    authenticated_at: session?.authenticated_at ?? null,
    leave: answer.verdict === 'invalid' ? signedOutPath(answer) : null,
    ...whichView(holdfast, session),
  }
}

function actingFor({ organization_id, roles }: { organization_id: string | null; roles: string[] }): string {
  return organization_id === null ? 'no organisation' : `${organization_id}, as ${roles.join(', ')}`
}

/** What every page says of whoever is signed in. */
export const saidOf = (session: Session) => ({
  name: nameOf(session.user),
  support: supportOf(session),
  standIn: standInOf(session),
})

/** Undefined: it is the person themselves. */
const supportOf = ({ impersonator }: Pick<Session, 'impersonator'>) =>
  impersonator ? (impersonator.name ?? 'Support') : undefined

/** Somebody who came in another way, while their provider was down. */
export interface StandIn {
  /** By when they have to come through it; null: it is still down. */
  dueAt: string | null
}

/** Undefined: they came in the ordinary way, or by a rescue code, which stands in for no provider. */
const standInOf = ({ amr, due_at: dueAt }: Pick<Session, 'amr' | 'due_at'>): StandIn | undefined =>
  amr.includes(FAILOVER_METHOD) && !amr.includes(RESCUE_METHOD) ? { dueAt: dueAt ?? null } : undefined

/** What to call somebody: a name, or the part of the address before the @. */
export function nameOf(user: { name: string | null; email: string | null }): string {
  return user.name?.trim() || user.email?.split('@')[0] || 'you'
}

/** A page of its own, because after it has been said once the cookies are gone and nobody could say it again. */
export function signedOutPath(answer: { reason: Reason; ended_at?: string | null }): string {
  const query = new URLSearchParams({ reason: answer.reason })
  if (answer.ended_at) query.set('at', answer.ended_at)
  return `/signed-out?${query}`
}

function markOf(answer: SessionAnswer): WhoAmI['mark'] {
  if (answer.verdict === 'valid') return answer.source === 'grace' ? 'degraded' : 'ok'
  return answer.verdict === 'invalid' ? 'failing' : 'unknown'
}

function howOf(answer: SessionAnswer): string {
  if (answer.verdict === 'valid') return HOW[answer.source]
  if (answer.verdict === 'invalid') return reasons[answer.reason]
  return 'Nobody can say at this moment. You have not been signed out.'
}

function holdfastOf({ accessReachable, since }: HoldfastStatus): string {
  const at = since === null ? '' : ` since ${since.slice(11, 19)} UTC`
  if (accessReachable === null) return 'not asked yet'
  return accessReachable ? `answering${at}` : `not answering${at}`
}

function revocationsOf({ lagMs }: HoldfastStatus): string {
  if (lagMs === null) return 'as they were when we last heard'
  return lagMs <= LAG_MAX_MS ? 'known up to now' : `known up to ${ageInWords(lagMs)} ago`
}

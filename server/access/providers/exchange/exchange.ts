import * as client from 'openid-client'
import { DatabaseOutage } from '../../../platform/database/index.ts'
import { type Discovery, isShared, TENANT_PLACE } from '../documents/index.ts'
import { CLOCK_SKEW_MAX_MS, EgressFault } from '../egress/index.ts'
import type { Departure, Exchanged } from '../open-providers.ts'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import type { Budgets, Caller, Held } from './budgets.ts'
import { CLOCK_TOLERANCE_S, configurationOf } from './configuration.ts'
import { identityOf } from './identity-of.ts'
import { ExchangeRefused, faultIn, refusedBy } from './refused.ts'
import { claimsOf, openTransport, type Transport } from './transport.ts'

export interface Came {
  /** As it was called: its path says whose answer it is. */
  callbackUrl: URL
  departure: Omit<Departure, 'url'>
  caller: Caller
  /** What is good for one exchange and no more is used up now; false: somebody was faster. */
  useUp(): Promise<boolean>
}

/** It was made a moment ago, for a code; some write five minutes less, and no clock that works is a day behind. */
const ISSUED_AGO_MAX_S = 24 * 60 * 60

/** RFC 6749 §4.1.2.1: what may stand in `error`, cut for the log. */
const ERROR_MAX = 60

/**
 * Changes the code of a callback for an id_token and checks every part of it. The caller has found the state bound to this
 * browser and this provider, or there would be no token request.
 */
export async function exchange(parts: Parts, budgets: Budgets, provider: Provider, came: Came): Promise<Exchanged> {
  // Whoever brings no code has us ask nothing.
  if (!came.callbackUrl.searchParams.has('code')) return exchangeNow(parts, provider, came)
  using held = budgets.hold(came.caller, provider.id)
  if (held) return await exchangeNow(parts, provider, came, held)
  // A budget of ours is nobody's lie, and uses nothing up: it is pressed once more.
  parts.log.warn({ provider: provider.id, block: came.caller.block }, 'our own budget of calls to a provider is spent')
  return { outcome: 'busy' }
}

async function exchangeNow(parts: Parts, provider: Provider, came: Came, held?: Held): Promise<Exchanged> {
  if (!(await came.useUp())) return { outcome: 'used' }
  const discovery = parts.documents.discovery(provider)
  if (!discovery) return { outcome: 'unknown', fault: 'discovery' }
  const transport = openTransport(parts, provider, discovery, () => held?.spend())
  const beganMs = parts.clock.monotonicMs()
  const tookMs = () => Math.round(parts.clock.monotonicMs() - beganMs)
  try {
    const { identity, fault } = await proveByNewestKeys(parts, provider, { came, discovery, transport })
    if (fault) noteFault(parts, provider, fault, tookMs())
    else note(parts, provider, { outcome: 'good', fault: null, detail: null, took_ms: tookMs() })
    return { outcome: 'proved', identity }
  } catch (error) {
    if (error instanceof client.AuthorizationResponseError) return denied(error)
    const fault = faultIn(error) ?? skewIn(parts, transport, error)
    if (fault) return unknown(parts, provider, fault, tookMs())
    const why = refusedBy(error)
    if (!why) throw error
    return refused(parts, provider, why)
  }
}

interface Proving {
  came: Came
  discovery: Discovery
  transport: Transport
}

/** A `kid` can be given out again, and some providers name none: a signature that is wrong is judged once more if keys have changed. */
async function proveByNewestKeys(parts: Parts, provider: Provider, proving: Proving) {
  try {
    return await prove(parts, provider, proving)
  } catch (error) {
    if (refusedBy(error)?.code !== 'bad_signature' || !(await haveKeysChanged(parts, provider))) throw error
    proving.transport.replay()
    return prove(parts, provider, proving)
  }
}

async function haveKeysChanged({ documents }: Parts, provider: Provider): Promise<boolean> {
  const shown = () => documents.goodKeys(provider).map(({ thumbprint }) => thumbprint)
  const before = shown()
  await documents.lookForKey(provider)
  return shown().toSorted().join() !== before.toSorted().join()
}

async function prove(parts: Parts, provider: Provider, { came, discovery, transport }: Proving) {
  const { state, nonce, codeVerifier, maxAgeS } = came.departure
  const callback = ownCallback(parts, provider, came.callbackUrl)
  callback.search = came.callbackUrl.search
  const checks = {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: codeVerifier,
    idTokenExpected: true,
    ...(maxAgeS !== undefined && { maxAge: maxAgeS }),
  }
  const asking = { discovery, issuer: discovery.issuer, fetch: transport.fetch }
  if (isShared(provider)) asking.issuer = await issuerOfTenant(parts, provider, { asking, callback, checks, transport })
  const configuration = configurationOf(parts, provider, asking)
  const tokens = await client.authorizationCodeGrant(configuration, callback, checks)
  const claims = tokens.claims()!
  checkIssuedAt(parts, claims)
  // Entra's says nothing that the id_token does not, and asks another host of Microsoft's for it.
  const isAsked = discovery.userinfo_endpoint !== undefined && provider.preset !== 'entra'
  const { userinfo, fault } = isAsked ? await userinfoOf(configuration, tokens.access_token, claims) : {}
  return { identity: identityOf(provider, { claims, userinfo, refreshToken: tokens.refresh_token }), fault }
}

/** The mix-up of RFC 9700 §4.4: a code that another provider gave out would go to this one's token endpoint. */
function ownCallback(parts: Parts, { id }: Provider, { pathname }: URL): URL {
  const callback = new URL(parts.callbackUrl(id))
  if (pathname !== callback.pathname) throw new ExchangeRefused('mix_up', 'it came back by another provider’s address')
  return callback
}

type Checks = client.AuthorizationCodeGrantChecks

/**
 * Of a token for everybody the issuer is known only when it is there: it is fetched once, its tenant is held against those
 * that may come in, and then it is checked as any other, by that tenant's issuer.
 */
async function issuerOfTenant(
  parts: Parts,
  provider: Provider,
  first: { asking: Parameters<typeof configurationOf>[2]; callback: URL; checks: Checks; transport: Transport },
): Promise<string> {
  const { asking, callback, checks, transport } = first
  const configuration = configurationOf(parts, provider, asking)
  // It ends in "another issuer" at the latest, for no token bears the place of the tenant.
  const failed = await client.authorizationCodeGrant(configuration, callback, checks).then(
    () => undefined,
    (error: unknown) => error,
  )
  const tid = claimsOf(transport.token())?.tid
  if (typeof tid !== 'string') throw failed ?? new ExchangeRefused('missing_claim', 'tid is missing')
  if (!provider.tenants.includes(tid.toLowerCase())) {
    throw new ExchangeRefused('tenant_not_allowed', 'the tenant is not among those that may come in')
  }
  transport.replay()
  return asking.issuer.replace(TENANT_PLACE, tid)
}

/** openid-client takes a token of the future; nobody can tell for how long that one is good. */
function checkIssuedAt(parts: Parts, claims: client.IDToken): void {
  const aheadS = claims.iat - parts.clock.now().getTime() / 1000
  if (aheadS < -ISSUED_AGO_MAX_S)
    throw new ExchangeRefused('issued_long_ago', 'its token was not made for this sign-in')
  if (aheadS <= CLOCK_TOLERANCE_S) return
  const isEvidence = aheadS * 1000 > CLOCK_SKEW_MAX_MS
  throw new EgressFault('clock-skew', `its token is from ${Math.round(aheadS)} s ahead`, { isEvidence })
}

interface Userinfo {
  userinfo?: client.UserInfoResponse
  /** Why there is none; a door that says no has none. */
  fault?: EgressFault | undefined
}

/**
 * What the provider says at its other door: the subject must be the same. Who it is stands in the id_token, which was checked:
 * a fault of this door, or a no, is one address less and keeps nobody out.
 */
async function userinfoOf(
  configuration: client.Configuration,
  accessToken: string,
  claims: client.IDToken,
): Promise<Userinfo> {
  try {
    return { userinfo: await client.fetchUserInfo(configuration, accessToken, claims.sub) }
  } catch (error) {
    const fault = faultIn(error)
    if (fault) return { fault }
    const code = refusedBy(error)?.code
    if (code === undefined || code === 'bad_subject') throw error
    return {}
  }
}

function denied(error: client.AuthorizationResponseError): Exchanged {
  return { outcome: 'denied', error: error.error.replace(/[^\x20-\x7e]/g, '').slice(0, ERROR_MAX) }
}

/** A token that had run out when it was issued, or an answer with another day on it, is a clock and no lie. */
function skewIn(parts: Parts, transport: Transport, error: unknown): EgressFault | undefined {
  const code = refusedBy(error)?.code
  if (code !== 'expired' && code !== 'not_valid_yet') return undefined
  const { iat } = claimsOf(transport.token()) ?? {}
  const byTokenMs = typeof iat === 'number' ? iat * 1000 - parts.clock.now().getTime() : 0
  const awayMs = Math.max(Math.abs(byTokenMs), Math.abs(transport.token()?.dateAheadMs ?? 0))
  if (awayMs <= CLOCK_SKEW_MAX_MS) return undefined
  return new EgressFault('clock-skew', `its clock is about ${Math.round(awayMs / 1000)} s away from ours`)
}

function unknown(parts: Parts, provider: Provider, seen: EgressFault, took_ms: number): Exchanged {
  const { fault, message } = seen
  noteFault(parts, provider, seen, took_ms)
  parts.log.warn({ provider: provider.id, fault, detail: message }, 'a provider could not be asked for a sign-in')
  return { outcome: 'unknown', fault }
}

function noteFault(parts: Parts, provider: Provider, seen: EgressFault, took_ms: number): void {
  const { fault, message, isEvidence } = seen
  const outcome = fault === 'limited' ? 'limited' : 'fault'
  if (isEvidence) note(parts, provider, { outcome, fault, detail: message, took_ms })
}

type Seen = Pick<Parameters<Parts['noteEvidence']>[0], 'outcome' | 'fault' | 'detail' | 'took_ms'>

function note({ noteEvidence }: Parts, { id }: Provider, seen: Seen): void {
  noteEvidence({ provider_id: id, round: null, kind: 'exchange', ...seen, is_control_good: null })
}

async function refused(parts: Parts, provider: Provider, { code, message }: ExchangeRefused): Promise<Exchanged> {
  parts.log.warn({ provider: provider.id, code, detail: message }, 'a sign-in through a provider was refused')
  try {
    await parts.signal(parts.background, { kind: 'provider.refused', subject: provider.id, facts: { code } })
  } catch (error) {
    // The log has it; in an outage the record does without.
    if (!(error instanceof DatabaseOutage)) throw error
  }
  return { outcome: 'refused', code }
}

import type { Scope } from '../../ground/environment/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { DatabaseServer, Queries } from '../../platform/database/index.ts'
import type { Guard, Route } from '../../platform/http/index.ts'
import type { Job } from '../../platform/jobs.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import type { ProvenIdentity, Provider } from './provider.ts'
import type { Verdict } from './verdict.ts'

export interface OpenProvidersOptions {
  database: DatabaseServer
  clock: Clock
  log: Logger
  secret: Secret
  /** HOLDFAST_URL: callbacks come to it alone. */
  url: string
  /** Where the last known good documents lie. */
  folder: string
  /** Distinguishes this process among all that run now. */
  processId: string
  /** What is asked beside a provider that seems down, to tell its fault from ours. */
  controlUrls: readonly string[]
  /** Tests and drills alone: providers on this machine, and authorities that sign their certificates. */
  loopback: { isAllowed: boolean; authorities: readonly string[] }
  staff(scope: Scope, freshness?: { freshWithinMs?: number }): Guard
}

/** What a sign-in keeps between leaving for a provider and coming back; `state` is in the address as well. */
export interface Departure {
  url: string
  state: string
  nonce: string
  codeVerifier: string
}

/** What became of the back-channel half of a sign-in. Only `fault` is evidence against the provider. */
export type Exchanged =
  | { outcome: 'proved'; identity: ProvenIdentity }
  /** It said something that is not true, or not to us: a stable code for the log, never shown whole. */
  | { outcome: 'refused'; code: string }
  /** The person or the provider said no, by an `error=` that anybody can forge. */
  | { outcome: 'denied'; error: string }
  /** An outage, of theirs or of ours. */
  | { outcome: 'unknown'; fault: string }

/** What a look before the click found. `not-needed`: the evidence is younger than five seconds. */
export type Preflight = 'good' | 'bad' | 'not-needed'

/** The front of the feature: who vouches for people elsewhere, and whether they can be reached. It knows no person. */
export interface Providers extends AsyncDisposable {
  /** Those that are enabled, from memory: at most two seconds old, and waits for nothing. */
  offered(): readonly Provider[]
  find(id: string): Provider | undefined
  /** Whose people have addresses of this domain; small letters, ASCII. */
  ofDomain(domain: string): Provider | undefined
  /** Everything that has to be kept until the callback. Throws `Refusal` when nothing was ever learned of the provider. */
  depart(
    provider: Provider,
    asked: { loginHint?: string | undefined; maxAgeS?: number | undefined; isSilent?: boolean },
  ): Promise<Departure>
  /** The back-channel half. `browser`: whose budget of calls it is on. Deadlines within; throws only bugs. */
  exchange(
    provider: Provider,
    came: { callbackUrl: URL; departure: Omit<Departure, 'url'>; browser: Buffer },
  ): Promise<Exchanged>
  /** Asks whether somebody is still there, by their refresh token. `gone`: `invalid_grant`. */
  askAgain(
    provider: Provider,
    refreshToken: string,
  ): Promise<{ outcome: 'there'; refreshToken: string } | { outcome: 'gone' | 'unknown' }>
  /** Looks before somebody is sent there, within 1.5 s, unless the evidence is younger than 5 s. */
  preflight(provider: Provider): Promise<Preflight>
  /** The row itself, in the transaction of a sign-in; undefined: nothing was ever seen. */
  verdictIn(db: Queries, providerId: string): Promise<Verdict | undefined>
  /** From memory, for pages: at most two seconds old. */
  verdictOf(providerId: string): Verdict | undefined
  onVerdict(listener: (verdict: Verdict) => void): () => void
  /** Reads settings, documents and verdicts now, which otherwise happens every two seconds. */
  reload(): Promise<void>
  routes: Route[]
  jobs: Job[]
}

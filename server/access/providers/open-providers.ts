import { auditAt } from '../../ground/audit/index.ts'
import type { Scope } from '../../ground/environment/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { DatabaseServer, Queries } from '../../platform/database/index.ts'
import type { Guard, Route } from '../../platform/http/index.ts'
import type { Job } from '../../platform/jobs.ts'
import type { Logger } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import { signalAt } from '../../ground/signals/index.ts'
import { discoveryUrl, openDocuments } from './documents/index.ts'
import { openEgress } from './egress/index.ts'
import type { NoteEvidence } from './evidence.ts'
import { askAgain, type Came, depart, exchange, openBudgets } from './exchange/index.ts'
import { openHealth, type Standing, standingOf, type Target } from './health/index.ts'
import { providerJobs } from './jobs.ts'
import { providerRoutes } from './manage/index.ts'
import type { Parts } from './parts.ts'
import type { ProvenIdentity, Provider } from './provider.ts'
import { openKnownProviders } from './settings/known-providers.ts'
import type { Condition, Verdict } from './verdict.ts'

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
  loopback: {
    isAllowed: boolean
    authorities: readonly string[]
    /** Who is asked for names, `127.0.0.1:5353`; left out: the resolvers of this machine. */
    nameServer?: string | undefined
  }
  staff(scope: Scope, freshness?: { freshWithinMs?: number }): Guard
}

/** What a sign-in keeps between leaving for a provider and coming back; `state` is in the address as well. */
export interface Departure {
  url: string
  state: string
  nonce: string
  codeVerifier: string
  /** How long ago the person may have shown who they are there at most, where that was asked. */
  maxAgeS?: number | undefined
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
  /** Our own budget of calls is spent: nothing was asked, and nothing used up. */
  | { outcome: 'busy' }
  /** Somebody was faster with the same callback. */
  | { outcome: 'used' }

/**
 * What a look before the click found. `limited`: it answers, and says that it is asked too often, which anybody can earn for us.
 * `not-needed`: it was good less than five seconds ago.
 */
export type Preflight = 'good' | 'limited' | 'bad' | 'not-needed'

/** The front of the feature: who vouches for people elsewhere, and whether they can be reached. It knows no person. */
export interface Providers extends AsyncDisposable {
  /** Those that are enabled, from memory: at most two seconds old, and waits for nothing. */
  offered(): readonly Provider[]
  find(id: string): Provider | undefined
  /** Whose people have addresses of this domain; small letters, ASCII. */
  ofDomain(domain: string): Provider | undefined
  /** Whose it is, enabled or not: that somebody is away for a while gives nobody their people. */
  ownerOf(domain: string): string | undefined
  /** Everything that has to be kept until the callback. Throws `Refusal` when nothing was ever learned of the provider. */
  depart(
    provider: Provider,
    asked: { loginHint?: string | undefined; maxAgeS?: number | undefined; isSilent?: boolean },
  ): Promise<Departure>
  /**
   * The back-channel half, on the budgets of whoever calls. What is good for one exchange is used up by `useUp`, once it is
   * certain that there is a budget. Deadlines within; throws bugs, and what `useUp` throws.
   */
  exchange(provider: Provider, came: Came): Promise<Exchanged>
  /** How many more times it may be asked now whether somebody is still there: a small share of the calls that may be made. */
  asksLeft(provider: Provider): number
  /** Asks whether somebody is still there, by their refresh token. `gone`: `invalid_grant`. */
  askAgain(
    provider: Provider,
    refreshToken: string,
  ): Promise<{ outcome: 'there'; refreshToken: string } | { outcome: 'gone' | 'unknown' }>
  /** Looks before somebody is sent there, within 1.5 s, unless the evidence is younger than 5 s. */
  preflight(provider: Provider): Promise<Preflight>
  /** The row itself, in the transaction of a sign-in; undefined: nothing was ever seen. */
  verdictIn(db: Queries, providerId: string): Promise<Verdict | undefined>
  /** The row itself, whether the provider is offered or not, and what was seen of it. */
  conditionIn(db: Queries, providerId: string): Promise<Condition>
  /** From memory, for pages: at most two seconds old. */
  verdictOf(providerId: string): Verdict | undefined
  onVerdict(listener: (verdict: Verdict) => void): () => void
  /** All of them in a line, for whoever runs this. */
  standing(): Standing
  /** Reads settings, documents and verdicts now, which otherwise happens every two seconds. */
  reload(): Promise<void>
  routes: Route[]
  jobs: Job[]
}

/**
 * An address for each provider: what one of them sends back is never taken for another's, also where it does not say who it
 * is (RFC 9700 §4.4.2.2).
 */
export const callbackUrlOf = (url: string, providerId: string) => new URL(`/sign-in/callback/${providerId}`, url).href

/** Opens it from what lies on disk; it asks nobody, and waits for nothing but the disk. */
export async function openProviders(options: OpenProvidersOptions): Promise<Providers> {
  const parts = await openParts(options, (evidence) => health.note(evidence))
  const { known, documents, egress } = parts
  const health = openHealth({ ...options, ask: egress.ask, targets: () => targetsOf(parts) })
  const budgets = openBudgets(parts.clock)
  const offered = () => offeredOf(parts)
  const readSettings = async () => {
    await known.reload()
    await documents.reload(known.all().map(({ id }) => id))
  }
  const reload = async () => {
    await readSettings()
    await health.reload()
  }
  return {
    offered,
    find: known.find,
    ofDomain: known.ofDomain,
    ownerOf: known.ownerOf,
    depart: (provider, asked) => depart(parts, provider, asked),
    exchange: (provider, came) => exchange(parts, budgets, provider, came),
    asksLeft: ({ id }) => budgets.asksLeft(id),
    askAgain: (provider, refreshToken) => askAgain(parts, budgets, provider, refreshToken),
    preflight: health.preflight,
    verdictIn: health.verdictIn,
    conditionIn: health.conditionIn,
    verdictOf: health.verdictOf,
    onVerdict: health.onVerdict,
    standing: () =>
      standingOf({ offered: offered(), verdictOf: health.verdictOf, seenAt: health.readAt(), now: parts.clock.now() }),
    reload,
    routes: [
      ...providerRoutes(parts, { staff: options.staff, reload, verdictOf: health.verdictOf, cutOff: health.cutOff }),
      ...health.routes,
    ],
    jobs: [...providerJobs(parts, readSettings), ...health.jobs],
    [Symbol.asyncDispose]: () => health[Symbol.asyncDispose](),
  }
}

const offeredOf = ({ known }: Parts) => known.all().filter((each) => each.is_enabled)

/** Where providers are looked at: what is needed for a sign-in, as far as it was ever learned. */
function targetsOf(parts: Parts): Target[] {
  return offeredOf(parts).map((provider) => {
    const learned = parts.documents.discovery(provider)
    return {
      id: provider.id,
      clientId: provider.client_id,
      discovery: discoveryUrl(provider.issuer),
      keys: learned?.jwks_uri ?? null,
      authorization: learned?.authorization_endpoint ?? null,
      token: learned?.token_endpoint ?? null,
    }
  })
}

async function openParts(options: OpenProvidersOptions, noteEvidence: NoteEvidence): Promise<Parts> {
  const { database, clock, log, secret, folder } = options
  const background = database.database('background')
  const egress = openEgress({ clock, loopback: options.loopback })
  const audit = auditAt(() => clock.now())
  const signal = signalAt(() => clock.now())
  return {
    db: database.database('request'),
    background,
    clock,
    log,
    secret,
    callbackUrl: (providerId) => callbackUrlOf(options.url, providerId),
    egress,
    known: await openKnownProviders({ db: background, secret, folder, log }),
    documents: await openDocuments({
      db: background,
      clock,
      log,
      egress,
      folder,
      onWithdrawn: (db, subject, kids) => signal(db, { kind: 'provider.key_withdrawn', subject, facts: { kids } }),
    }),
    noteEvidence,
    audit,
    signal,
  }
}

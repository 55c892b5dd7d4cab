import type { IncomingMessage } from 'node:http'
import { AccessLink } from './access-link.ts'
import { type BrowserRequest, networksOf, readFetchRequest, readNodeRequest, type Site } from './browser-request.ts'
import type { Feed } from './feed.ts'
import { type Flags, FlagsClient, type FlagsStatus } from './flags-client.ts'
import type { FlagContext } from './flags/definition.ts'
import { readPin } from './flags/trust.ts'
import { followFeed } from './follow-feed.ts'
import { signOutDeliverer } from './deliver-sign-out.ts'
import { type ForwardParts, forward, type RequestBody } from './forward.ts'
import { KnownKeys } from './keys.ts'
import { Lockers } from './lockers.ts'
import { RevocationLog } from './revocations.ts'
import { requestSigner } from './sign-request.ts'
import { SignOutList } from './sign-outs.ts'
import { environmentOfKey, type OnProblem } from './stamp.ts'
import { instanceOf, VerdictReports } from './verdict-reports.ts'
import { ProofCache } from './verify.ts'
import {
  SERVE_DEFAULT_MS,
  type UnknownPolicy,
  type Verified,
  type VerifyOptions,
  type VerifyParts,
  verifySession,
} from './verify-session.ts'

/** What `new Holdfast` needs to know. */
export interface HoldfastOptions {
  /** Where access is, as this process reaches it: `https://id.acme.example`. */
  url: string
  /** The application key: `hf_<environment>_app_…`. A secret. */
  key: string
  /** A folder of this process alone. It holds keys, revocations and sign-outs, so that a start with access dead works. */
  dataDir: string
  /** The application's id, which is the audience of its sessions. Left out: as access says. */
  audience?: string
  /** The app's public origin, `https://app.acme.example`. Left out: as each request says. Set it behind a proxy. */
  origin?: string
  /** Addresses and networks whose `X-Forwarded-*` headers are believed. */
  trustedProxies?: readonly string[]
  /**
   * What old knowledge is good for in an outage, for routes that do not say. Left out: as it was set for the application in
   * the console, and `{ serve: 24 h }` until access has told that.
   */
  unknown?: UnknownPolicy
  /** How long access has to answer one question; 2 s when left out. Afterwards nobody waits until it is back. */
  timeoutMs?: number
  /** The `iss` of proofs, where that is not the origin of `url`. */
  issuer?: string
  /** Instead of the global one. */
  fetch?: typeof fetch
  /** Instead of `Date.now`, for tests. */
  now?: () => number
  /**
   * Whether access is told once a minute, in numbers alone, what this process answered: for "why was I signed out?".
   * `{ instance }` names the process to operators. `false`: it is told nothing. Left out: it is told.
   */
  reports?: boolean | { instance: string }
  /**
   * The fingerprint of the installation's root key, as `holdfast flags trust` prints it: flags that are not signed under it
   * are not taken. Left out: the first contact is trusted, and `status().flags.trust` says so.
   */
  trust?: string
  /** The text of a snapshot of flags that was shipped with the app, for a first start with access dead. */
  bootstrap?: string
  /** What every question about a flag is about besides; what is asked with a question goes before it. */
  flagContext?: FlagContext
  /** Told of each thing a person has to look at, once an hour while it lasts. Left out: a process warning. */
  onProblem?: OnProblem
}

/** What the SDK knows, and how old that is. */
export interface HoldfastStatus {
  environment: string
  /** Null until access has told it. */
  installation_id: string | null
  /** Public keys at hand; with none, nothing can be verified here. */
  keys: number
  /** Sessions known to have ended. */
  revocations: number
  /** The last number of the feed. */
  seq: number
  /** How old the knowledge of revocations is; null before the first news since the start. */
  lagMs: number | null
  /** Null until access was first spoken to. */
  accessReachable: boolean | null
  /** Since when `accessReachable` is as it is; RFC 3339. */
  since: string | null
  /** Sign-outs by the person that access has not been told yet. */
  undeliveredSignOuts: number
  /** What a person has to look at, and was so within the last hour; newest last. */
  problems: string[]
  flags: FlagsStatus
}

const TIMEOUT_MS = 2_000
const PROBLEMS_MAX = 20
/** What goes on for longer is told again. */
const PROBLEM_MS = 60 * 60_000

/**
 * Verifies sessions inside your process: without network once the keys are known, with access up or down.
 *
 * It reads the feed of access as long as it is open. It throws when made with options that cannot work or on a folder of
 * another environment, and never afterwards for an outage.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { Holdfast } from '@holdfast/sdk'
 *
 * await using holdfast = new Holdfast({
 *   url: process.env.HOLDFAST_URL!,
 *   key: process.env.HOLDFAST_KEY!,
 *   dataDir: './holdfast-sdk',
 * })
 *
 * const server = createServer(async (request, response) => {
 *   const answer = await holdfast.sessions.verify(request)
 *   for (const cookie of answer.setCookies) response.appendHeader('set-cookie', cookie)
 *   if (answer.verdict === 'valid') response.end(`Hello ${answer.session.user.name}`)
 *   else if (answer.verdict === 'invalid') response.writeHead(303, { location: '/auth/sign-in' }).end()
 *   else response.writeHead(503, { 'retry-after': answer.retry_after_s }).end('Not known at this moment.')
 * })
 * server.close()
 * ```
 */
export class Holdfast implements AsyncDisposable {
  /** Questions about sessions. */
  readonly sessions: {
    /**
     * Says whether a browser is signed in. Never throws for an outage: then the verdict is `unknown`, which must not sign
     * anybody out.
     *
     * @example
     * ```ts
     * import { Holdfast } from '@holdfast/sdk'
     *
     * await using holdfast = new Holdfast({
     *   url: process.env.HOLDFAST_URL!,
     *   key: process.env.HOLDFAST_KEY!,
     *   dataDir: './holdfast-sdk',
     * })
     * const request = new Request('https://app.acme.example/settings')
     * const answer = await holdfast.sessions.verify(request, { fresh: true, maxAuthAgeMs: 5 * 60_000 })
     * console.log(answer.verdict) // invalid, or unknown as long as access has not been reached
     * ```
     */
    verify(request: Request | IncomingMessage, options?: VerifyOptions): Promise<Verified>
  }

  /**
   * Questions about flags, answered from memory.
   *
   * @example
   * ```ts
   * import { Holdfast } from '@holdfast/sdk'
   *
   * await using holdfast = new Holdfast({
   *   url: process.env.HOLDFAST_URL!,
   *   key: process.env.HOLDFAST_KEY!,
   *   dataDir: './holdfast-sdk',
   * })
   * const context = { targetingKey: 'usr_1', plan: 'pro' }
   * if (holdfast.flags.boolean('new-view', false, context)) console.log('the new view')
   * const { source } = holdfast.flags.details('new-view', false, context)
   * console.log(source) // fallback
   * ```
   */
  readonly flags: Flags

  /** What this application keeps for its browsers; for adapters, `HoldfastStore` before all. */
  readonly lockers: Lockers

  readonly #environment: string
  readonly #now: () => number
  readonly #site: Site
  readonly #onProblem: OnProblem
  /** When each was last told. */
  readonly #problems = new Map<string, number>()
  readonly #keys: KnownKeys
  readonly #revocations: RevocationLog
  readonly #signOuts: SignOutList
  readonly #access: AccessLink
  readonly #feed: Feed
  readonly #flags: FlagsClient
  readonly #reports: VerdictReports | undefined
  readonly #verifyParts: VerifyParts
  readonly #forwardParts: ForwardParts
  #closing: Promise<void> | undefined

  constructor(options: HoldfastOptions) {
    const { key, dataDir, timeoutMs = TIMEOUT_MS, now = Date.now } = options
    const url = assertUrl(options.url)
    const fetcher = options.fetch ?? fetch
    this.#environment = environmentOfKey(key)
    this.#now = now
    const { trustedProxies = [] } = options
    this.#site = {
      origin: originOf(options.origin),
      trustedProxies: trustedProxies.length > 0 ? networksOf(trustedProxies) : undefined,
    }
    this.#onProblem = options.onProblem ?? ((sentence) => process.emitWarning(sentence, 'HoldfastWarning'))

    const onProblem = (sentence: string) => this.#note(sentence)
    const shared = { dataDir, environment: this.#environment, now, onProblem }
    this.#keys = new KnownKeys(shared)
    this.#revocations = new RevocationLog(shared)
    const application = () => options.audience ?? this.#keys.application
    const sign = requestSigner({ key, application, now })
    this.#access = new AccessLink({
      ...{ url, fetch: fetcher, timeoutMs, now, sign, onProblem },
      onBack: () => this.#onBack(),
    })
    this.#signOuts = new SignOutList({ ...shared, key, deliver: signOutDeliverer({ url, fetch: fetcher, sign }) })

    this.lockers = new Lockers({ url, key, fetch: fetcher, timeoutMs, onProblem })

    const { origin } = new URL(url)
    const unknown = () => options.unknown ?? policyOf(this.#keys.onUnknown)
    const issuer = () => options.issuer ?? this.#keys.issuer ?? origin
    const common = { signOuts: this.#signOuts, access: this.#access, application }
    this.#verifyParts = {
      ...common,
      ...{ keys: this.#keys, proofs: new ProofCache(), revocations: this.#revocations, issuer, now, unknown },
    }
    this.#forwardParts = { ...common, url, fetch: fetcher, sign, sessionIdOf: (request) => this.#sessionIdOf(request) }
    this.sessions = {
      verify: (request, verifyOptions = {}) => this.verifyBrowser(this.read(request), verifyOptions),
    }
    const { reports = true } = options
    const instance = instanceOf(typeof reports === 'object' ? reports.instance : undefined)
    this.#flags = new FlagsClient({
      ...{ ...shared, url, key, fetch: fetcher, installationId: this.#keys.stamp.installation_id },
      ...{ trust: readPin(options.trust), bootstrap: options.bootstrap, context: options.flagContext },
      instance: reports ? instance : undefined,
    })
    this.flags = this.#flags
    this.#feed = followFeed({
      ...{ url, key, fetch: fetcher, now, onProblem, environment: this.#environment },
      ...{ keys: this.#keys, revocations: this.#revocations, access: this.#access, flags: this.#flags },
    })
    this.#reports = reports
      ? new VerdictReports({
          ...{ url, key, fetch: fetcher, now, instance },
          lagMs: () => this.#feed.lagMs,
          isAway: () => this.#access.isReachable === false,
        })
      : undefined
  }

  /** Reads a request as this app's; for adapters. */
  read(request: Request | IncomingMessage, address?: string): BrowserRequest {
    return request instanceof Request
      ? readFetchRequest(request, this.#site, address)
      : readNodeRequest(request, this.#site)
  }

  /** As `sessions.verify`, of a request read before; for adapters. */
  async verifyBrowser(request: BrowserRequest, options: VerifyOptions = {}): Promise<Verified> {
    const said = verifySession(this.#verifyParts, request, options)
    // Nothing is waited for where nothing has to be.
    const verified = said instanceof Promise ? await said : said
    this.#reports?.count(verified)
    return verified
  }

  /** Hands a request below `/auth` on to access; for adapters. */
  forward(request: BrowserRequest, body: RequestBody): Promise<Response> {
    return forward(this.#forwardParts, request, body)
  }

  /** Since when access does not answer, milliseconds since 1970; null while it does. For adapters. */
  get awaySinceMs(): number | null {
    return this.#access.isReachable === false ? this.#access.sinceMs : null
  }

  /**
   * What is known here and how old it is: for a health page, or an alert on `lagMs`.
   *
   * @example
   * ```ts
   * import { Holdfast } from '@holdfast/sdk'
   *
   * await using holdfast = new Holdfast({
   *   url: process.env.HOLDFAST_URL!,
   *   key: process.env.HOLDFAST_KEY!,
   *   dataDir: './holdfast-sdk',
   * })
   * const { accessReachable, lagMs, problems } = holdfast.status()
   * console.log(accessReachable, lagMs, problems) // null null [] as long as access has not been reached
   * ```
   */
  status(): HoldfastStatus {
    const { sinceMs } = this.#access
    return {
      environment: this.#environment,
      installation_id: this.#keys.stamp.installation_id,
      keys: this.#keys.keySet.keys.length,
      revocations: this.#revocations.size,
      seq: this.#revocations.seq,
      lagMs: this.#feed.lagMs,
      accessReachable: this.#access.isReachable,
      since: sinceMs === null ? null : new Date(sinceMs).toISOString(),
      undeliveredSignOuts: this.#signOuts.undelivered,
      problems: [...this.#problems.keys()].filter((sentence) => this.#isRecent(sentence)),
      flags: this.#flags.status(),
    }
  }

  /** Leaves the feed and writes what has to be kept. Called by `await using` too. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await this.#reports?.[Symbol.asyncDispose]()
    await this.#feed[Symbol.asyncDispose]()
    await this.#flags[Symbol.asyncDispose]()
    await this.lockers[Symbol.asyncDispose]()
    await this.#access[Symbol.asyncDispose]()
    await this.#signOuts[Symbol.asyncDispose]()
    await this.#keys.flush()
    await this.#revocations[Symbol.asyncDispose]()
  }

  #onBack(): void {
    this.#feed.reconnectNow()
    void this.#signOuts.deliver()
  }

  #sessionIdOf(request: BrowserRequest): string | undefined {
    if (request.proof === undefined) return undefined
    const { proofs, keys } = this.#verifyParts
    const seen = proofs.verify(request.proof, {
      keys: keys.keySet,
      nowMs: this.#now(),
      graceMs: Number.POSITIVE_INFINITY,
    })
    return seen.outcome === 'good' ? seen.claims.sid : undefined
  }

  #note(sentence: string): void {
    if (this.#isRecent(sentence)) return
    this.#problems.delete(sentence)
    this.#problems.set(sentence, this.#now())
    if (this.#problems.size > PROBLEMS_MAX) this.#problems.delete(this.#problems.keys().next().value!)
    this.#onProblem(sentence)
  }

  #isRecent(sentence: string): boolean {
    const toldMs = this.#problems.get(sentence)
    return toldMs !== undefined && this.#now() - toldMs < PROBLEM_MS
  }
}

function policyOf(said: KnownKeys['onUnknown']): UnknownPolicy {
  if (said?.policy === 'refuse') return 'refuse'
  return { serve: said ? Math.min(said.max_age_s * 1000, SERVE_DEFAULT_MS) : SERVE_DEFAULT_MS }
}

function assertUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new Error(`holdfast: url: "${text}" is no http(s) address such as https://id.acme.example.`)
  }
  return url.href.replace(/\/+$/, '')
}

function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url?.origin === text && /^https?:$/.test(url.protocol)) return text
  throw new Error(`holdfast: origin: "${text}" is no origin such as https://app.acme.example.`)
}
